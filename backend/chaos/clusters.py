"""PostgreSQL servers that can be broken."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.databases import migrate
from benchmarks.processes import family, stat
from chaos.programs import complete
from dev.cluster import PostgresError, beside, initialise, program, tail
from dev.postgres import NO_OPTIONS, START_TIMEOUT, free_port, ready_url, spawn

PATIENCE = 60.0  # seconds for what has to come about, since a recovery may be part of it
POLL_INTERVAL = 0.01  # seconds
FOLLOWING = """
SELECT count(*) = {} FROM pg_stat_replication
WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')
"""


class Cluster:
    """A server with data of its own, on a port that it keeps when it comes back.

    Args:
        data: Where its data are.
        options: Server settings by name.
    """

    def __init__(self, data: Path, options: Mapping[str, str] = NO_OPTIONS) -> None:
        self.data, self.port = data, free_port()
        self._options = {**options, "port": str(self.port)}
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Its host and its port."""
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
        """Starts the server and waits until it answers.

        Raises:
            PostgresError: It doesn't.
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
        """Ends all connections, then the server, as a restart of it does."""
        members = self._members()
        os.kill(members[0], signal.SIGINT)
        await self._gone(members)

    async def kill(self) -> None:
        """Ends all of its processes at once, as when the machine is switched off."""
        members = self._members()
        signal_all(members, signal.SIGKILL)
        await self._gone(members)

    async def freeze(self) -> None:
        """Stops all of its processes where they are: it takes connections, and says nothing."""
        signal_all(self._members(), signal.SIGSTOP)

    async def thaw(self) -> None:
        """Lets it go on after a freeze."""
        signal_all(self._members(), signal.SIGCONT)

    async def standby(self, name: str, **options: str) -> "Cluster":
        """A copy that follows this server, not started yet.

        Args:
            name: The name of its folder, and the one by which this server knows it.
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
        """Makes a standby take writes."""
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
        """Runs statements, each outside of any transaction."""
        async with self.connected() as connection:
            for statement in statements:
                await connection.execute(statement)

    async def configure(self, **settings: str) -> None:
        """Changes server settings, which it keeps when it comes back."""
        changes = [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in settings.items()]
        await self.execute(*changes, "SELECT pg_reload_conf()")

    async def fetchval(self, query: str) -> Any:
        """The one value that a query finds."""
        async with self.connected() as connection:
            return await connection.fetchval(query)

    async def until(self, query: str) -> Any:
        """Waits until a query finds something that is true, and returns that.

        Raises:
            PostgresError: It doesn't for long.
        """
        deadline = time.monotonic() + PATIENCE
        async with self.connected() as connection:
            while not (found := await connection.fetchval(query)):
                if time.monotonic() > deadline:
                    raise PostgresError(f"Waited in vain for {PATIENCE:g} s:\n{query}")
                await asyncio.sleep(POLL_INTERVAL)
        return found

    def _members(self) -> list[int]:
        """Its processes, the one that watches the others first."""
        return family(self._server.pid) if self._server else []

    async def _gone(self, members: list[int]) -> None:
        """Waits until processes have ended: their memory keeps others from the data."""
        while any(is_alive(pid) for pid in members):  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(POLL_INTERVAL)
        if self._server is not None:
            self._server.wait()
            self._server = None


def is_alive(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    return stat(pid)[:1] not in ([], ["Z"])


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Sends a signal to those processes that are still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@asynccontextmanager
async def running(cluster: Cluster) -> AsyncIterator[None]:
    """Runs a server for the time of a block, and ends it in whatever state it then is."""
    try:
        await cluster.start()
        yield
    finally:
        await cluster.kill()


@asynccontextmanager
async def market(folder: Path, **options: str) -> AsyncIterator[Cluster]:
    """A new server with the tables of a marketplace, for the time of a block.

    Args:
        folder: Where its data go, below a folder of their own.
        options: Server settings by name.
    """
    cluster = Cluster(folder / "primary", options)
    async with running(cluster):
        await asyncio.to_thread(migrate, cluster.url)
        yield cluster


@asynccontextmanager
async def replicated(primary: Cluster, *names: str) -> AsyncIterator[list[Cluster]]:
    """Standbys of a primary, which waits for one of them with each commit.

    Args:
        primary: Runs already.
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
