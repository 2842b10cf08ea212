"""Transactions: units of work, and what they remember of their rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

import asyncpg
from sqlalchemy.orm.attributes import instance_state

from app.postgres.commits import transaction_on
from app.postgres.hosts import Connection
from app.postgres.rows import Row
from app.postgres.statements import Bound, Statement
from app.postgres.tables import RowQuery, RowType, Table, Values, table_of

PREFETCH = 200  # rows that a stream asks for at once


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
