"""The service and its worker as they run in production, each in a process of its own."""

import asyncio
import os
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import httpx

from chaos.programs import started
from dev.postgres import free_port

POLL_INTERVAL = 0.02  # seconds
START_TIMEOUT = 30.0  # seconds
SERVER = (
    "uvicorn",
    "app.api.server:get_application",
    "--factory",
    "--http=app.http.protocol:Connection",
    "--no-access-log",
    "--timeout-keep-alive=60",  # as in the image: it hangs up on nobody who is only slow
)
WORKER = ("app.worker",)


def process(
    module: Sequence[str], log: Path, **settings: str
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Runs a module for the time of a block.

    Args:
        module: Its name, and its arguments.
        log: The file that it writes to.
        settings: What its environment says beside what is said here.
    """
    defaults = {**os.environ, "ENVIRONMENT": "development", "LOG_LEVEL": "warning"}
    return started([sys.executable, "-m", *module], log, defaults | settings)


@asynccontextmanager
async def service(folder: Path, database_url: str, **settings: str) -> AsyncIterator[str]:
    """Runs the service, and yields its address when it is ready.

    Args:
        folder: Where its log ``service.log`` goes.
        database_url: Its database.
        settings: Further settings, as they are called in the environment.

    Raises:
        RuntimeError: It doesn't start.
    """
    port, log = free_port(), folder / "service.log"
    address = f"http://127.0.0.1:{port}"
    module = (*SERVER, f"--port={port}")
    with process(module, log, DATABASE_URL=database_url, **settings) as server:
        await until_ready(server, address, log)
        yield address


@asynccontextmanager
async def service_and_worker(
    folder: Path, database_url: str
) -> AsyncIterator[tuple[str, subprocess.Popen[bytes]]]:
    """Runs both, and yields the address of the service and the process of the worker.

    Args:
        folder: Where their logs ``service.log`` and ``worker.log`` go.
        database_url: Their database.

    Raises:
        RuntimeError: The service doesn't start.
    """
    async with service(folder, database_url) as address:
        with process(WORKER, folder / "worker.log", DATABASE_URL=database_url) as worker:
            yield address, worker


async def until_ready(
    server: subprocess.Popen[bytes], address: str, log: Path, certificate: Path | None = None
) -> None:
    """Waits until a server says that it can work.

    Args:
        server: Its process.
        address: Where it says so.
        log: The file that it writes to.
        certificate: What it shows of itself, if nobody has signed that but itself.

    Raises:
        RuntimeError: It doesn't start.
    """
    deadline = time.monotonic() + START_TIMEOUT
    trusted = ssl.create_default_context(cafile=certificate)
    while not await is_ready(address, trusted):
        if server.poll() is not None or time.monotonic() > deadline:
            said = log.read_text()  # noqa: ASYNC240 (it isn't much)
            raise RuntimeError(f"The {log.stem} doesn't start:\n{said}")
        await asyncio.sleep(POLL_INTERVAL)


async def is_ready(address: str, trusted: ssl.SSLContext) -> bool:
    """Whether a server says that it can work."""
    async with httpx.AsyncClient(base_url=address, verify=trusted) as client:
        try:
            return (await client.get("/readyz")).status_code == HTTPStatus.OK
        except httpx.HTTPError:
            return False
