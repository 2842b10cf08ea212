"""The unit of work: rows that are read, changed and added in one transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Self

import asyncpg

from app.postgres.batches import send
from app.postgres.commits import Connections, begun
from app.postgres.hosts import Connection
from app.postgres.rows import Row
from app.postgres.statements import Statement
from app.postgres.tables import RowQuery, RowType, Table, Values, Write, table_of

PREFETCH = 200  # rows that a stream asks for at once


class Kept:
    """A row of a unit of work.

    Args:
        row: The object.
        table: Its table.
        stored: Its values in the database; None if it is still to be inserted.
    """

    __slots__ = ("row", "stored", "table")

    def __init__(self, row: Row, table: Table, stored: Values | None) -> None:
        self.row, self.table, self.stored = row, table, stored


class Transaction(AbstractAsyncContextManager["Transaction"]):
    """A unit of work: reads and writes rows in exactly one transaction, which its maker commits.

    The transaction begins with the first statement, so that a request holds no connection before it
    needs one. Code that has one must not wait for a second, which could deadlock the pool.

    It stands in for SQLAlchemy's `AsyncSession`, of which it does what the services use:

    - Identity map: one object per row, keyed by table and primary key. A row that is read again is
      the same object, refreshed with what was read.
    - Autoflush: before any statement is run, pending changes are written, so that statements see
      them and no change is lost to a refresh. Writes are sent in the order in which the rows were
      added or first read; `put` writes the changes made before it first.
    - Dirty checking: an UPDATE sets the columns that differ from what is stored, and has to hit
      exactly one row. A change inside of a JSON value is not noticed: assign a new value.
    - Rows that follow: a row can name further rows to be inserted with it (`Row.followed_by`).

    It does not load relationships or expired attributes, cascade, sort writes by dependency (a row
    is added behind those that it refers to), delete objects or generate keys, use savepoints, or
    outlive its transaction. Its statements are compiled once, run on asyncpg itself, and writes of
    several tables are sent as one: see "The machinery" in ARCHITECTURE.md for what that buys.

    Args:
        connections: Where its connection comes from.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._begun: Connection | None = None
        self._transaction: AbstractAsyncContextManager[Connection] | None = None
        self._first: Callable[[], Awaitable[None]] | None = None
        self._has_ended = False
        self._rows: dict[tuple[Table, tuple[Any, ...]], Kept] = {}
        self._pending: list[Write] = []

    async def __aenter__(self) -> Self:
        """Begins nothing yet."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commits what was flushed, or rolls it back after an error, and returns the connection."""
        self._has_ended = True
        if self._transaction:
            await self._transaction.__aexit__(kind, error, traceback)

    @property
    def has_begun(self) -> bool:
        """Whether a statement has been run."""
        return self._begun is not None

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Writes what is pending, then runs a statement and returns all its rows."""
        self._collect()
        if self._pending:
            await self._send()
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
        """Reads rows. Later changes of them are written by the next flush.

        Args:
            query: Which rows.
            arguments: The values of the query's parameters, by their names.
        """
        table = query.table
        return [self._read(table, record) for record in await query.fetch(self, **arguments)]

    async def one(self, query: RowQuery[RowType], **arguments: Any) -> RowType | None:
        """Like `all`, for a query that finds one row at the most."""
        rows = await self.all(query, **arguments)
        return rows[0] if rows else None

    def add(self, row: Row) -> None:
        """Has a new row inserted; rows that it refers to have been added before.

        Raises:
            ValueError: Another object has the same primary key.
        """
        table = table_of(type(row))
        key = table.key(row.__dict__)
        kept = self._rows.setdefault((table, key), Kept(row, table, None))
        if kept.row is not row:
            raise ValueError(f"The unit of work has a row of {table} with the key {key} already.")

    def put(self, statement: Statement, **arguments: Any) -> None:
        """Has a statement run that returns nothing, behind all changes that were made before.

        Args:
            statement: The statement.
            arguments: The values of its parameters, by their names.
        """
        self._collect()
        self._pending.append(Write(statement, arguments))

    async def flush(self) -> None:
        """Writes what is pending.

        Raises:
            RowLost: A changed row is no longer there.
        """
        self._collect()
        if self._pending:
            await self._send()

    async def do_first(self, work: Callable[[], Awaitable[None]]) -> None:
        """Has something done as soon as the transaction begins: now, if it has.

        Pending writes are sent after it, and dropped if it raises.
        """
        if self._begun:
            await work()
        else:
            self._first = work

    async def _send(self) -> None:
        pending, self._pending = self._pending, []
        await send(self._begun or await self._begin(), pending)

    async def _begin(self) -> Connection:
        """Begins the transaction.

        Raises:
            RuntimeError: It would begin after its block, and never end.
        """
        if self._has_ended:
            raise RuntimeError("The unit of work has ended.")
        transaction = begun(self._connections)
        self._begun = connection = await transaction.__aenter__()
        self._transaction = transaction
        if self._first:
            await self._first()
        return connection

    def _read(self, table: Table, record: asyncpg.Record) -> Any:
        values = table.read(record)
        identity = (table, table.key(values))
        kept = self._rows.get(identity)
        if kept is None:
            self._rows[identity] = kept = Kept(table.make(values), table, values)
        else:
            kept.row.__dict__.update(values)
            kept.row.model_fields_set.clear()
            kept.stored = values
        return kept.row

    def _collect(self) -> None:
        """Adds to what is pending the rows that are new or have changed.

        The rows that follow them come behind all: between them, they would keep equal statements
        from being sent together.
        """
        following: list[Row] = []
        for kept in self._rows.values():
            row, table, stored = kept.row, kept.table, kept.stored
            if stored is None:
                kept.stored = values = table.values(row)
                self._pending.append(table.insert(values))
                following += row.followed_by(stored)
            elif row.model_fields_set:
                changes = table.changes(row, stored)
                if changes:
                    kept.stored = {**stored, **changes}
                    self._pending.append(table.update(changes, stored))
                    following += row.followed_by(stored)
            row.model_fields_set.clear()
        for row in following:
            table = table_of(type(row))
            self._pending.append(table.insert(table.values(row)))
