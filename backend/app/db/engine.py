"""The AsyncEngine, and transactions: how they are worked in, and repeated."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

import asyncpg
from sqlalchemy import URL, NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm.attributes import instance_state

from app.core.database import DatabaseSettings
from app.core.errors import MarketplaceError, Unavailable
from app.core.tracing import tracing
from app.db.commits import transaction_on
from app.db.faults import RACES, Fault, Result, fault_of, persistently, translated
from app.db.hosts import Connection, Hosts
from app.db.models.rows import Row
from app.db.pool import FairPool
from app.db.replicas import Replicas
from app.db.rows import RowQuery, RowType, Table, Values, table_of
from app.db.statements import Bound, Source, Statement

PATIENCE = 24 * 60 * 60.0  # seconds for a statement that may read everything
PREFETCH = 200  # rows that a stream asks for at once
HEARTBEAT = 15.0  # seconds after which a connection that only listens is tried


def create_engine(settings: DatabaseSettings, url: URL | None = None) -> AsyncEngine:
    """Builds an engine; nothing connects before its first use.

    Args:
        settings: How long statements may take, and whether the way is encrypted.
        url: The address of the database; that of the settings by default.
    """
    url = url or settings.sqlalchemy_url
    return create_async_engine(
        url,
        poolclass=NullPool,  # FairPool keeps the connections
        async_creator=Hosts(url, settings).connect,
    )


class Connections(Protocol):
    """Whoever lends connections."""

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for the time of a block."""


class Transaction:
    """A unit of work: in exactly one transaction, which only its maker commits.

    It begins with its first statement, so that nobody holds a connection who does not need it
    yet; and whoever holds one must not ask for another, or all might wait for each other. It
    remembers the rows that were read or added; before it runs the next statement, it
    writes those that are new, and what has changed of the others.

    Args:
        connections: Where its connection comes from.
        end: What ends the transaction and gives the connection back.
    """

    def __init__(self, connections: Connections, end: AsyncExitStack) -> None:
        self._connections, self._end = connections, end
        self._begun: Connection | None = None
        self._first: Callable[[], Awaitable[None]] | None = None
        self._rows: list[tuple[Row, Table, Values | None]] = []
        self._last: list[Bound] = []

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Writes what is pending, then runs a statement and returns all its rows."""
        await self.flush()
        connection = self._begun or await self._begin()
        rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
        return rows

    async def stream(self, sql: str, arguments: Sequence[Any]) -> AsyncIterator[asyncpg.Record]:
        """Like `fetch`, but yields the rows as they come, so that only a few are held at once."""
        await self.flush()
        connection = self._begun or await self._begin()
        async for row in connection.cursor(sql, *arguments, prefetch=PREFETCH):
            yield row

    async def all(self, query: RowQuery[RowType], **arguments: Any) -> list[RowType]:
        """Reads rows. What is then changed of them will be written.

        Args:
            query: Which rows.
            arguments: The values of the query's parameters, by their names.
        """
        rows: list[RowType] = []
        for record in await query.fetch(self, **arguments):
            row, values = query.table.read(record)
            self._rows.append((row, query.table, values))
            rows.append(row)
        return rows

    async def one(self, query: RowQuery[RowType], **arguments: Any) -> RowType | None:
        """Like `all`, for a query that finds one row at the most."""
        rows = await self.all(query, **arguments)
        return rows[0] if rows else None

    def add(self, row: Row) -> None:
        """Has a new row written. What it refers to has been added before."""
        self._rows.append((row, table_of(type(row)), None))

    def put(self, statement: Statement, **arguments: Any) -> None:
        """Has a statement run behind the rows that are to be written; it returns nothing.

        Args:
            statement: The statement.
            arguments: The values of its parameters, by their names.
        """
        self._last.append(statement.bound(arguments))

    async def flush(self) -> None:
        """Writes what is pending: rows in the order in which they were added or read."""
        pending = [*self._unwritten(), *self._last]
        if not pending:
            return
        self._last.clear()
        for sql, alike in groupby(pending, key=attrgetter("sql")):
            connection = self._begun or await self._begin()
            first, *others = (bound.arguments for bound in alike)
            if others:
                await connection.executemany(sql, [first, *others])
            else:
                await connection.fetch(sql, *first)

    async def do_first(self, work: Callable[[], Awaitable[None]]) -> None:
        """Has something done as soon as the transaction begins: now, if it has.

        What is to be written then waits for it, and is dropped if it raises.
        """
        if self._begun:
            await work()
        else:
            self._first = work

    async def _begin(self) -> Connection:
        connection = await self._end.enter_async_context(self._connections.connection())
        await self._end.enter_async_context(transaction_on(connection))
        self._begun = connection
        if self._first:
            await self._first()
        return connection

    def _unwritten(self) -> Iterator[Bound]:
        for number, (row, table, before) in enumerate(self._rows):
            if before is not None and not instance_state(row).modified:
                continue
            values = table.values(row)
            self._rows[number] = (row, table, values)
            if before is None:
                yield table.insert(values)
            elif values != before:
                yield table.update(values, before)


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
            async with AsyncExitStack() as end:
                transaction = Transaction(self._connections, end)
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
