"""The PostgreSQL server that is measured on, and the cores on which everything runs."""

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
"""All that benchmarks keep, below backend/."""

SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "jit": "off",  # no statement of the service is worth being compiled
    "max_wal_size": "8GB",  # no checkpoint shall fall into one of two runs that are compared
    "checkpoint_timeout": "1h",
    "autovacuum": "off",  # likewise: tables are vacuumed between the runs instead
    "max_connections": "100",
    "log_checkpoints": "off",
}
"""What differs from PostgreSQL's defaults. Commits are as safe as they are by default."""


@dataclass(frozen=True)
class Cores:
    """Who runs where: the service that is measured has a core of its own.

    Args:
        service: The core of the service.
        rest: Those of PostgreSQL, of the load generator and of the benchmark itself.
    """

    service: frozenset[int]
    rest: frozenset[int]

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """Shares out the cores that this process may use."""
        first, *others = sorted(os.sched_getaffinity(0))
        if not others:
            sys.exit("A benchmark needs two cores: one for the service, one for all the rest.")
        return cls(frozenset([first]), frozenset(others))

    @property
    def all(self) -> frozenset[int]:
        """All of them."""
        return self.service | self.rest


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that runs."""

    url: str
    pid: int
    cores: Cores

    def database(self, name: str) -> str:
        """The address of one of its databases."""
        return f"{self.url.rpartition('/')[0]}/{name}"


@contextmanager
def running_server() -> Iterator[Server]:
    """Runs the benchmarks' own server, beside the service's core, for one benchmark at a time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another benchmark is running: two at once would measure each other.")
        cores = Cores.of_this_machine()
        pin(os.getpid(), cores.rest)  # and with it, what this process will start
        data = FOLDER / "postgres"
        with embedded_postgres(data, SETTINGS) as url:
            pid = int((data / "postmaster.pid").read_text().split()[0])
            yield Server(url, pid, cores)


def log() -> Path:
    """The file that the server writes its log to."""
    return FOLDER / "postgres.log"
