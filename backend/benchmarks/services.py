"""The services that are measured, each in a process of its own on cores of its own."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from benchmarks.processes import family, resident_bytes
from benchmarks.server import FOLDER
from dev.postgres import free_port
from dev.processes import die_with_parent

PYTHON = str(FOLDER / "venv/bin/python")
"""That of an environment with nothing but what the service requires, as the image has it."""
SECRET = "benchmarks only: the same key for both services"  # noqa: S105 (of no real installation)
POOL_SIZE = 10
OPTIONS = (
    "--factory",
    "--host=127.0.0.1",
    "--loop=uvloop",
    "--no-proxy-headers",
    "--no-access-log",
    "--log-level=warning",
)
START_TIMEOUT = 20.0  # seconds
POLL_INTERVAL = 0.02  # seconds; a question takes time from whoever starts beside it


@dataclass(frozen=True)
class Program:
    """A service that can be started.

    Args:
        name: What it is called in the results.
        factory: Where uvicorn finds the function that makes it.
        protocol: How uvicorn speaks HTTP for it.
    """

    name: str
    factory: str
    protocol: str


OURS = Program("ours", "app.api.server:get_application", "app.http.protocol:Connection")
REFERENCE = Program("reference", "benchmarks.reference.server:get_application", "httptools")


@dataclass(frozen=True)
class Service:
    """A service that runs.

    Args:
        program: Which one.
        address: Where.
        pid: Its process; that of the workers' parent if there are several.
        started_in: How many seconds it took until it was ready.
    """

    program: Program
    address: str
    pid: int
    started_in: float

    @property
    def worker_bytes(self) -> float:
        """The memory of a worker: of the largest, if there are several."""
        return max(resident_bytes(pid) for pid in family(self.pid))


@contextmanager
def running(
    program: Program, database_url: str, cores: Iterable[int], workers: int = 1
) -> Iterator[Service]:
    """Runs a service as it is run in production.

    Args:
        program: Which one.
        database_url: Its database.
        cores: Where it runs.
        workers: How many processes share its port.

    Raises:
        RuntimeError: It doesn't start.
    """
    port = free_port()
    log = FOLDER / f"{program.name}.log"
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 (all arguments are our own)
            [
                *(PYTHON, "-m", "uvicorn", program.factory, *OPTIONS),
                *(f"--http={program.protocol}", f"--port={port}", f"--workers={workers}"),
            ],
            env={
                **os.environ,
                "ENVIRONMENT": "production",
                "LOG_LEVEL": "warning",  # no line for each request, as the reference has none
                "LOGINS_PER_ADDRESS": "1000000/60",  # all of them come from this machine
                "SECRET_KEY": SECRET,
                "DATABASE_URL": database_url,
                "POOL_SIZE": str(POOL_SIZE),
                "DRAIN_SECONDS": "0",
                "MALLOC_ARENA_MAX": "1",  # as the image has it
                "PYTHONDONTWRITEBYTECODE": "",  # what the image has is compiled, too
            },
            stdout=output,
            stderr=output,
            preexec_fn=partial(_prepare, frozenset(cores), os.getpid()),  # noqa: PLW1509
        )
    try:
        while not _ready(port):
            if process.poll() is not None or time.monotonic() - started > START_TIMEOUT:
                raise RuntimeError(f"{program.name} doesn't start:\n{log.read_text()}")
            time.sleep(POLL_INTERVAL)
        address = f"http://127.0.0.1:{port}"
        yield Service(program, address, process.pid, time.monotonic() - started)
    finally:
        process.terminate()
        process.wait()


def _prepare(cores: frozenset[int], parent: int) -> None:
    os.sched_setaffinity(0, cores)
    die_with_parent(signal.SIGTERM, parent)


def _ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=START_TIMEOUT)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
