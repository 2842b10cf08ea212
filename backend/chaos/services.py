"""The service and its worker in processes of their own, as in production."""

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
START_TIMEOUT = 60.0  # seconds, for a machine that is busy with other work
SERVER = (
    "uvicorn",
    "app.api.launch:get_application",
    "--factory",
    "--http=app.http.protocol:Connection",
    "--no-access-log",
    "--timeout-keep-alive=60",  # as in the image: slow clients are the protocol's business
)
WORKER = ("app.worker",)


def process(
    module: Sequence[str], log: Path, **settings: str
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Context manager that runs a Python module.

    Args:
        module: Name and arguments.
        log: The file for its output.
        settings: Additional environment variables.
    """
    defaults = {**os.environ, "ENVIRONMENT": "development", "LOG_LEVEL": "warning"}
    return started([sys.executable, "-m", *module], log, defaults | settings)


@asynccontextmanager
async def service(folder: Path, database_url: str, **settings: str) -> AsyncIterator[str]:
    """Context manager that runs the service; yields its URL when it is ready.

    Args:
        folder: For its log ``service.log``.
        database_url: The database.
        settings: Further environment variables.

    Raises:
        RuntimeError: The service does not start.
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
    """Context manager that runs both; yields the URL of the service and the process of the worker.

    Args:
        folder: For the logs ``service.log`` and ``worker.log``.
        database_url: The database.

    Raises:
        RuntimeError: The service doesn't start.
    """
    async with service(folder, database_url) as address:
        with process(WORKER, folder / "worker.log", DATABASE_URL=database_url) as worker:
            yield address, worker


async def until_ready(
    server: subprocess.Popen[bytes], address: str, log: Path, certificate: Path | None = None
) -> None:
    """Waits until a server is ready.

    Args:
        server: Its process.
        address: Its URL.
        log: The file with its output.
        certificate: Its certificate, if that is self-signed.

    Raises:
        RuntimeError: The server does not start.
    """
    deadline = time.monotonic() + START_TIMEOUT
    trusted = ssl.create_default_context(cafile=certificate)
    while not await is_ready(address, trusted):
        if server.poll() is not None or time.monotonic() > deadline:
            said = log.read_text()  # noqa: ASYNC240 (a small file)
            raise RuntimeError(f"The {log.stem} doesn't start:\n{said}")
        await asyncio.sleep(POLL_INTERVAL)


async def is_ready(address: str, trusted: ssl.SSLContext) -> bool:
    """Whether ``/readyz`` succeeds."""
    async with httpx.AsyncClient(base_url=address, verify=trusted) as client:
        try:
            return (await client.get("/readyz")).status_code == HTTPStatus.OK
        except httpx.HTTPError:
            return False
