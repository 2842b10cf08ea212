"""What the service really asks of PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from asyncpg.connection import LoggedQuery
from fastapi import FastAPI
from httpx import Response

from app.postgres.commits import Connections
from app.postgres.database import Database
from app.postgres.hosts import Connection

READING_AS_STAFF = 5
"""BEGIN, the role, what is read, the entry of the audit, COMMIT."""


class Heard(NamedTuple):
    """A statement that was run, and the error that came of it."""

    sql: str
    arguments: Any
    error: Exception | None


class Listening:
    """Lends connections that tell what they are asked to run.

    Args:
        connections: Where they come from.
        heard: What to call for each statement.
    """

    def __init__(self, connections: Connections, heard: Callable[[LoggedQuery], None]) -> None:
        self._connections, self._heard = connections, heard

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection."""
        async with self._connections.connection() as connection:
            connection.add_query_logger(self._heard)
            try:
                yield connection
            finally:
                connection.remove_query_logger(self._heard)


@asynccontextmanager
async def recorded(app: FastAPI) -> AsyncIterator[list[Heard]]:
    """Yields a list to which every statement is added that the service runs.

    The driver itself tells of them, BEGIN and COMMIT included.
    """
    statements: list[Heard] = []

    def hear(query: LoggedQuery) -> None:
        statements.append(Heard(query.query, query.args, query.exception))

    database = app.state.database
    app.state.database = Database(Listening(app.state.pool, hear))
    try:
        yield statements
        await asyncio.sleep(0)  # the driver calls its loggers soon, not at once
    finally:
        app.state.database = database


async def statements(app: FastAPI, request: Awaitable[Response]) -> int:
    """Counts the statements that answering a request takes."""
    async with recorded(app) as heard:
        response = await request
    assert response.is_success, response.text
    return len(heard)
