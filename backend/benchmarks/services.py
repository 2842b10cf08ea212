"""The measured services, in processes and on cores of their own."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from benchmarks.processes import family, resident_bytes
from benchmarks.server import FOLDER
from dev.postgres import free_port
from dev.processes import die_with_parent

PYTHON = str(FOLDER / "venv/bin/python")
"""From an environment with only the requirements of the service, like the image."""
SECRET = "benchmarks only: the same key for both services"  # noqa: S105 (benchmarks only)
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
POLL_INTERVAL = 0.02  # seconds; each poll takes CPU time from the starting process


@dataclass(frozen=True)
class Program:
    """A service that can be started.

    Args:
        name: Its name in the results.
        factory: The import path of its application factory.
        protocol: The HTTP protocol class for uvicorn.
        settings: Further settings in its environment.
    """

    name: str
    factory: str
    protocol: str
    settings: Mapping[str, str] = field(default_factory=dict)


OURS = Program("ours", "app.api.launch:get_application", "app.http.protocol:Connection")
REFERENCE = Program("reference", "benchmarks.reference.server:get_application", "httptools")


@dataclass(frozen=True)
class Service:
    """A running service.

    Args:
        program: The program.
        address: The URL.
        pid: The process id; that of the supervisor if there are several workers.
        started_in: Seconds until it was ready.
    """

    program: Program
    address: str
    pid: int
    started_in: float

    @property
    def worker_bytes(self) -> float:
        """The memory of the largest worker."""
        return max(resident_bytes(pid) for pid in family(self.pid))


@contextmanager
def running(
    program: Program, database_url: str, cores: Iterable[int], workers: int = 1
) -> Iterator[Service]:
    """Context manager that runs a service as in production.

    Args:
        program: The program.
        database_url: The database.
        cores: Its cores.
        workers: The number of processes that share its port.

    Raises:
        RuntimeError: The service does not start.
    """
    port = free_port()
    log = FOLDER / f"{program.name}.log"
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 (constant arguments)
            [
                *(PYTHON, "-m", "uvicorn", program.factory, *OPTIONS),
                *(f"--http={program.protocol}", f"--port={port}", f"--workers={workers}"),
            ],
            env={
                **os.environ,
                "ENVIRONMENT": "production",
                "LOG_LEVEL": "warning",  # no access log, like the reference
                "LOGINS_PER_ADDRESS": "1000000/60",  # all logins come from one address
                "SECRET_KEY": SECRET,
                "LANGUAGES": "en,de",
                "DATABASE_URL": database_url,
                "POOL_SIZE": str(POOL_SIZE),
                "DRAIN_SECONDS": "0",
                "MALLOC_ARENA_MAX": "1",  # as in the image
                "PYTHONDONTWRITEBYTECODE": "",  # bytecode is cached in the image, too
                **program.settings,
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
