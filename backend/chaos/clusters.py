"""PostgreSQL servers for fault injection."""

import asyncio
import atexit
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import asyncpg

from benchmarks.databases import migrate
from benchmarks.processes import family, stat
from chaos.programs import complete
from dev.cluster import PostgresError, beside, initialise, program, tail
from dev.postgres import NO_OPTIONS, START_TIMEOUT, free_port, ready_url, spawn

PATIENCE = 60.0  # seconds to wait for a condition, which may include a recovery
POLL_INTERVAL = 0.01  # seconds
FOLLOWING = """
SELECT count(*) = {} FROM pg_stat_replication
WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')
"""


class Cluster:
    """A PostgreSQL server with its own data directory, and a port that it keeps.

    Args:
        data: The data directory.
        options: Server settings by name.
    """

    def __init__(self, data: Path, options: Mapping[str, str] = NO_OPTIONS) -> None:
        self.data, self.port = data, free_port()
        self._options = {**options, "port": str(self.port)}
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """The password of the superuser."""
        return (self.data / "password").read_text()

    @property
    def url(self) -> str:
        """The address of its database, for the superuser."""
        return f"postgresql://postgres:{self.password}@{self.address}/postgres"

    async def start(self) -> None:
        """Starts the server and waits until it accepts connections.

        Raises:
            PostgresError: The server does not start.
        """
        if not self.data.exists():
            await asyncio.to_thread(initialise, self.data)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        with beside(self.data, ".lock").open("w") as lock:
            self._server = server = spawn(self.data, self._options, lock.fileno())
        deadline = time.monotonic() + START_TIMEOUT
        while ready_url(self.data) is None:
            if server.poll() is not None or time.monotonic() > deadline:
                log = beside(self.data, ".log").read_text()
                raise PostgresError(f"PostgreSQL didn't start:\n{tail(log)}")
            await asyncio.sleep(POLL_INTERVAL)

    async def stop(self) -> None:
        """Stops the server by a fast shutdown, which ends all connections."""
        members = self._members()
        os.kill(members[0], signal.SIGINT)
        await self._gone(members)

    async def kill(self) -> None:
        """Kills all processes of the server at once, like a power failure."""
        members = self._members()
        signal_all(members, signal.SIGKILL)
        await self._gone(members)

    async def freeze(self) -> None:
        """Suspends all processes: connections are accepted, but not answered."""
        signal_all(self._members(), signal.SIGSTOP)

    async def thaw(self) -> None:
        """Resumes the processes after a freeze."""
        signal_all(self._members(), signal.SIGCONT)

    async def standby(self, name: str, **options: str) -> "Cluster":
        """A standby of this server, not started yet.

        Args:
            name: The name of its folder, and its ``application_name``.
            options: Server settings by name.
        """
        copy = Cluster(self.data.with_name(name), options)
        origin = f"{self.url}?application_name={name}"
        copying = [
            f"--pgdata={copy.data}",
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
        ]
        await complete([*program("pg_basebackup"), f"--dbname={origin}", *copying])
        return copy

    async def promote(self) -> None:
        """Promotes a standby to primary."""
        await complete([*program("pg_ctl"), "promote", "--wait", f"--pgdata={self.data}"])

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Any]:
        """A connection to its database."""
        connection = await asyncpg.connect(self.url)
        try:
            yield connection
        finally:
            await connection.close()

    async def execute(self, *statements: str) -> None:
        """Runs statements, each outside a transaction."""
        async with self.connected() as connection:
            for statement in statements:
                await connection.execute(statement)

    async def configure(self, **settings: str) -> None:
        """Changes server settings persistently."""
        changes = [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in settings.items()]
        await self.execute(*changes, "SELECT pg_reload_conf()")

    async def fetchval(self, query: str) -> Any:
        """The single value of a query."""
        async with self.connected() as connection:
            return await connection.fetchval(query)

    async def until(self, query: str) -> Any:
        """Waits until a query returns a true value, and returns it.

        Raises:
            PostgresError: Not within `PATIENCE`.
        """
        deadline = time.monotonic() + PATIENCE
        async with self.connected() as connection:
            while not (found := await connection.fetchval(query)):
                if time.monotonic() > deadline:
                    raise PostgresError(f"Waited in vain for {PATIENCE:g} s:\n{query}")
                await asyncio.sleep(POLL_INTERVAL)
        return found

    def _members(self) -> list[int]:
        """Its processes, the postmaster first."""
        return family(self._server.pid) if self._server else []

    async def _gone(self, members: list[int]) -> None:
        """Waits until processes have ended: their shared memory would block a new server."""
        while any(is_alive(pid) for pid in members):  # noqa: ASYNC110 (no notification)
            await asyncio.sleep(POLL_INTERVAL)
        if self._server is not None:
            self._server.wait()
            self._server = None


def is_alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    return stat(pid)[:1] not in ([], ["Z"])


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Sends a signal to those processes that still exist."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@asynccontextmanager
async def running(cluster: Cluster) -> AsyncIterator[None]:
    """Context manager that runs a server, and kills it in any state at the end."""
    try:
        await cluster.start()
        yield
    finally:
        await cluster.kill()


@cache
def migrated() -> Path:
    """The data directory of a stopped server with a migrated database, to be copied.

    It is made once per process, since migrations take as long as many a scenario.
    """
    folder = Path(mkdtemp(prefix="chaos-"))
    atexit.register(shutil.rmtree, folder)
    cluster = Cluster(folder / "migrated")

    async def make() -> None:
        async with running(cluster):
            await asyncio.to_thread(migrate, cluster.url)
            await cluster.stop()

    asyncio.run(make())
    return cluster.data


@asynccontextmanager
async def market(folder: Path, **options: str) -> AsyncIterator[Cluster]:
    """Context manager for a new server with a migrated database.

    Args:
        folder: The parent of its data directory.
        options: Server settings by name.
    """
    cluster = Cluster(folder / "primary", options)
    await asyncio.to_thread(lambda: shutil.copytree(migrated(), cluster.data))
    async with running(cluster):
        yield cluster


@asynccontextmanager
async def replicated(primary: Cluster, *names: str) -> AsyncIterator[list[Cluster]]:
    """Context manager for synchronous standbys of a primary; each commit waits for one of them.

    Args:
        primary: A running server.
        names: The names of the standbys.
    """
    async with AsyncExitStack() as stack:
        standbys = []
        for name in names:
            standby = await primary.standby(name)
            await stack.enter_async_context(running(standby))
            standbys.append(standby)
        await primary.configure(synchronous_standby_names=f"ANY 1 ({', '.join(names)})")
        await primary.until(FOLLOWING.format(len(names)))
        yield standbys
