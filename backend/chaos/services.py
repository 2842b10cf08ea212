"""The service and its worker as they run in production, each in a process of its own."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx

from dev.postgres import free_port
from dev.processes import die_with_parent

POLL_INTERVAL = 0.02  # seconds
START_TIMEOUT = 30.0  # seconds
SERVER = (
    "uvicorn",
    "app.api.server:get_application",
    "--factory",
    "--no-access-log",
    "--timeout-keep-alive=60",  # as in the image: it hangs up on nobody who is only slow
)
WORKER = ("app.worker",)


@contextmanager
def process(
    module: tuple[str, ...], log: Path, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a module for the time of a block.

    Args:
        module: Its name, and its arguments.
        log: The file that it writes to.
        settings: What its environment says beside what is said here.
    """
    environment = {**os.environ, "ENVIRONMENT": "development", "LOG_LEVEL": "warning", **settings}
    with log.open("a") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", *module],
            env=environment,
            stdout=output,
            stderr=output,
            preexec_fn=partial(die_with_parent, signal.SIGKILL, os.getpid()),  # noqa: PLW1509
        )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


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
        deadline = time.monotonic() + START_TIMEOUT
        while not await is_ready(address):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The service doesn't start:\n{log.read_text()}")
            await asyncio.sleep(POLL_INTERVAL)
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


async def is_ready(address: str) -> bool:
    """Whether a service says that it can work."""
    async with httpx.AsyncClient(base_url=address) as client:
        try:
            return (await client.get("/readyz")).status_code == HTTPStatus.OK
        except httpx.HTTPError:
            return False
