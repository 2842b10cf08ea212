"""The PostgreSQL server of the benchmarks, and the assignment of cores."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import pin
from dev.postgres import embedded_postgres

FOLDER = Path(".data/benchmark")
"""The data of the benchmarks, below backend/."""

SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "jit": "off",  # as in production
    "max_wal_size": "8GB",  # no checkpoint during one of two compared runs
    "checkpoint_timeout": "1h",
    "autovacuum": "off",  # likewise; tables are vacuumed between the runs
    "max_connections": "100",
    "log_checkpoints": "off",
}
"""Settings that differ from PostgreSQL's defaults. Commits are as durable as by default."""


@dataclass(frozen=True)
class Cores:
    """The assignment of cores: the measured service has one of its own.

    Args:
        service: The core of the service.
        rest: The cores of PostgreSQL, the load generator and the benchmark.
    """

    service: frozenset[int]
    rest: frozenset[int]

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """Assigns the cores available to this process."""
        first, *others = sorted(os.sched_getaffinity(0))
        if not others:
            sys.exit("A benchmark needs two cores: one for the service, one for all the rest.")
        return cls(frozenset([first]), frozenset(others))

    @property
    def all(self) -> frozenset[int]:
        """All cores."""
        return self.service | self.rest


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL server."""

    url: str
    pid: int
    cores: Cores

    def database(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"{self.url.rpartition('/')[0]}/{name}"


@contextmanager
def running_server() -> Iterator[Server]:
    """Context manager that runs the server beside the service's core, one at a time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another benchmark is running: two at once would measure each other.")
        cores = Cores.of_this_machine()
        pin(os.getpid(), cores.rest)  # inherited by child processes
        data = FOLDER / "postgres"
        with embedded_postgres(data, SETTINGS) as url:
            pid = int((data / "postmaster.pid").read_text().split()[0])
            yield Server(url, pid, cores)


def log() -> Path:
    """The log file of the server."""
    return FOLDER / "postgres.log"
