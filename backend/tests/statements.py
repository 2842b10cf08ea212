"""What the service really asks of PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from asyncpg.connection import LoggedQuery
from fastapi import FastAPI
from sqlalchemy import event


class Heard(NamedTuple):
    """A statement that was run, and the error that came of it."""

    sql: str
    arguments: Any
    error: Exception | None


@asynccontextmanager
async def recorded(app: FastAPI) -> AsyncIterator[list[Heard]]:
    """Yields a list to which every statement is added that the pool's connections run.

    The driver itself tells of them, BEGIN and COMMIT included.
    """
    engine = app.state.engine.sync_engine
    statements: list[Heard] = []

    def on_driver(query: LoggedQuery) -> None:
        statements.append(Heard(query.query, query.args, query.exception))

    def listen(connection: Any, *_: Any) -> None:
        connection.driver_connection.add_query_logger(on_driver)

    def leave(connection: Any, *_: Any) -> None:
        connection.driver_connection.remove_query_logger(on_driver)

    event.listen(engine, "checkout", listen)
    event.listen(engine, "checkin", leave)
    try:
        yield statements
        await asyncio.sleep(0)  # the driver calls its loggers soon, not at once
    finally:
        event.remove(engine, "checkout", listen)
        event.remove(engine, "checkin", leave)
