"""The environment of a measurement."""

import asyncio
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.databases import connected
from benchmarks.load import CONNECTIONS, wrk_version
from benchmarks.results import Results
from benchmarks.server import SETTINGS, Server
from benchmarks.services import POOL_SIZE, PYTHON

PACKAGES = (
    "fastapi",
    "starlette",
    "pydantic",
    "sqlmodel",
    "sqlalchemy",
    "asyncpg",
    "uvicorn",
    "uvloop",
    "httptools",
    "orjson",
    "pyjwt",
)


def describe(server: Server, results: Results) -> str:
    """Date, machine, versions and settings in Markdown."""
    settings = ", ".join(f"`{name}={value}`" for name, value in SETTINGS.items())
    app, rest = _list(server.cores.service), _list(server.cores.rest)
    facts = {
        "Load": f"{CONNECTIONS} connections; rounds: {results.rounds}, {results.seconds} s a call",
        "Machine": machine(),
        "Cores": f"{app} for the service alone, {rest} for PostgreSQL and wrk",
        "Other programs": f"kept {results.neighbours:.2f} cores busy meanwhile",
        "Services": f"one uvicorn worker each, with {POOL_SIZE} connections",
        "PostgreSQL": settings,
        "Versions": versions(server),
    }
    title = f"Measured on {datetime.now(UTC):%Y-%m-%d} in a market of {results.jobs:,} jobs:\n"
    return "\n".join([title, *(f"- **{name}:** {fact}" for name, fact in facts.items())])


def machine() -> str:
    """The processor, the memory and the kernel."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = re.match(r"\d+\.\d+", platform.release())
    return (
        f"{os.cpu_count()} cores of {cpu[1] if cpu else platform.machine()}, {memory:.0f} GiB, "
        f"Linux {kernel[0] if kernel else '?'}"
    )


def versions(server: Server) -> str:
    """The versions of all components."""
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    return ", ".join(
        [
            f"Python {python_version()}",
            f"PostgreSQL {asyncio.run(_server_version(server))}",
            *packages,
            f"wrk {wrk_version()}",
        ]
    )


def python_version() -> str:
    """The Python version of the services."""
    command = [PYTHON, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()  # noqa: S603 (constant arguments)


async def _server_version(server: Server) -> str:
    async with connected(server.url) as connection:
        number: str = await connection.fetchval("SHOW server_version")
    return number


def _list(cores: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(cores)))
