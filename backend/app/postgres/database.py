"""The database: units of work with retries, reads, snapshots, and notifications."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from app.core.errors import MarketplaceError, Unavailable
from app.core.observability.tracing import tracing
from app.postgres.commits import Connections
from app.postgres.faults import RACES, Fault, Result, fault_of, persistently, translated
from app.postgres.hosts import Connection
from app.postgres.pool import FairPool
from app.postgres.replicas import Replicas
from app.postgres.statements import Source
from app.postgres.transactions import Transaction

PATIENCE = 24 * 60 * 60.0  # seconds for a statement that may read all rows
HEARTBEAT = 15.0  # seconds between two checks of a connection that only listens


class Snapshot:
    """A consistent, read-only view of the data, for any number of statements.

    Args:
        connection: In a transaction of its own, with isolation level REPEATABLE READ.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs a reading statement and returns all its rows."""
        rows: list[asyncpg.Record] = await self._connection.fetch(sql, *arguments, timeout=PATIENCE)
        return rows


class Database:
    """Runs units of work and reads.

    Args:
        connections: The pool of the primary.
        replicas: The pool of each standby that may serve reads.

    Attributes:
        reads: Runs the reads of responses: on a replica, if there are any.
        lost_attempts: How often units of work have lost a race, by SQLSTATE.
    """

    def __init__(self, connections: Connections, replicas: Sequence[FairPool] = ()) -> None:
        self._connections = connections
        self.reads: Source = Replicas(self, replicas) if replicas else self
        self.lost_attempts = Counter(dict.fromkeys(RACES, 0))

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs a statement outside of a transaction and returns all its rows.

        It is retried if the connection is lost: a statement that writes may take effect twice.

        Raises:
            Unavailable: The database can't be reached, or does not respond in time.
        """
        try:
            return await self._fetch(sql, arguments)
        except Unavailable as error:  # few reads need retries, which add 2 % to their CPU time
            if fault_of(error.__cause__) in {None, Fault.REFUSED}:
                raise
            return await persistently(lambda: self._fetch(sql, arguments))

    async def _fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        with translated:
            async with self._connections.connection() as connection:
                rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
                return rows

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """A consistent, read-only view of the data, for the duration of a block.

        Raises:
            Unavailable: The database can't be reached.
        """
        with translated:
            async with (
                self._connections.connection() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                await connection.execute("SET LOCAL statement_timeout = 0")
                yield Snapshot(connection)

    async def listen(self, channel: str, hear: Callable[[], object]) -> None:
        """Listens for notifications until the connection is lost.

        Args:
            channel: The channel.
            hear: Called for each notification, and once as soon as the connection listens.

        Raises:
            Unavailable: The database can't be reached.
        """
        lost = asyncio.Event()

        def heard(*_: object) -> None:
            hear()

        with translated:
            async with self._connections.connection() as connection:
                connection.add_termination_listener(lambda _: lost.set())
                await connection.add_listener(channel, heard)
                hear()
                try:
                    await _outlast(connection, lost)
                finally:
                    await connection.remove_listener(channel, heard)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A unit of work: committed at the end of the block, rolled back if the block raises.

        An error that is `lasting` does not prevent the commit.

        Raises:
            Unavailable: The database can't be reached.
        """
        lasting: MarketplaceError | None = None
        with translated, tracing.part("transaction"):
            async with Transaction(self._connections) as transaction:
                try:
                    yield transaction
                except MarketplaceError as error:
                    if not error.lasting:
                        raise
                    lasting = error
                await transaction.flush()
        if lasting:
            raise lasting

    async def run(self, work: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Runs a unit of work; retries it if it lost a race, or its connection before the commit.

        Args:
            work: Called once per attempt, each time with a new transaction. It has no effects
                outside of the transaction.

        Raises:
            Unavailable: Every attempt failed.
            OutcomeUnknown: The connection was lost during the commit.
        """

        async def attempt() -> Result:
            try:
                async with self.write() as transaction:
                    return await work(transaction)
            except Unavailable as error:
                cause = error.__cause__
                if isinstance(cause, asyncpg.PostgresError) and cause.sqlstate in RACES:
                    self.lost_attempts[cause.sqlstate] += 1
                raise

        return await persistently(attempt)


async def _outlast(connection: Connection, lost: asyncio.Event) -> None:
    """Waits until a connection is lost; checks it at intervals."""
    while not lost.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await lost.wait()
        await connection.execute("SELECT 1")
