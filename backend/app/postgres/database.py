"""The database: hands out transactions, repeats those that were lost, and answers reads."""

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

PATIENCE = 24 * 60 * 60.0  # seconds for a statement that may read everything
HEARTBEAT = 15.0  # seconds after which a connection that only listens is tried


class Snapshot:
    """The data as they are at one moment, for as long as it takes to read all of them.

    Args:
        connection: Sees them so, in a transaction of its own.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs a reading statement and returns all its rows."""
        rows: list[asyncpg.Record] = await self._connection.fetch(sql, *arguments, timeout=PATIENCE)
        return rows


class Database:
    """Hands out transactions and answers reads.

    Args:
        connections: Where its connections come from.
        replicas: The connections of each standby that may serve reads.

    Attributes:
        reads: Where that is read which is only to be shown.
    """

    def __init__(self, connections: Connections, replicas: Sequence[FairPool] = ()) -> None:
        self._connections = connections
        self.reads: Source = Replicas(self, replicas) if replicas else self
        self.lost_attempts = Counter(dict.fromkeys(RACES, 0))  # of units of work

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs a statement, with no transaction around it, and returns all its rows.

        It is run again if its connection was lost: one that writes may have done so twice then.

        Raises:
            Unavailable: The database can't be reached, or can't do it in time.
        """
        try:
            return await self._fetch(sql, arguments)
        except Unavailable as error:  # few need persistence, which costs a fiftieth of a read
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
        """The data as they are at one moment, for any number of statements that only read.

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
        """Keeps a connection that hears of notifications, until it is lost.

        Args:
            channel: Where to listen.
            hear: What to call for each notification, and once before, when nothing more is missed.

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
        """A transaction: committed at the end of the block, rolled back if the block raises.

        An error that is `lasting` commits it all the same.

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
        """Does a unit of work in a transaction, and anew from its start if none of it was done.

        That is so when it lost a race, or the connection before it was to be committed.

        Args:
            work: Called once per attempt, each time with a new transaction. It has no effects
                outside of the transaction.

        Raises:
            Unavailable: Every attempt failed.
            OutcomeUnknown: The database went away when it was to commit.
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
    """Waits until a connection is lost, and makes sure now and then that it is not."""
    while not lost.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await lost.wait()
        await connection.execute("SELECT 1")
