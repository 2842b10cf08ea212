"""What the service really asks of PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from asyncpg.connection import LoggedQuery
from fastapi import FastAPI
from sqlalchemy import event


class Heard(NamedTuple):
    """A statement that was run."""

    sql: str
    arguments: Any


@asynccontextmanager
async def recorded(app: FastAPI) -> AsyncIterator[list[Heard]]:
    """Yields a list to which every statement that the pool's connections run is added.

    The driver tells of what it is asked to run, BEGIN and COMMIT included, but not of statements
    that SQLAlchemy has prepared on it: of those, SQLAlchemy tells.
    """
    engine = app.state.engine.sync_engine
    statements: list[Heard] = []

    def on_driver(query: LoggedQuery) -> None:
        statements.append(Heard(query.query, query.args))

    def on_sqlalchemy(*call: Any) -> None:
        _, _, sql, arguments, _, many = call
        if not many:  # the driver tells of those
            statements.append(Heard(sql, arguments))

    def listen(connection: Any, *_: Any) -> None:
        connection.driver_connection.add_query_logger(on_driver)

    def leave(connection: Any, *_: Any) -> None:
        connection.driver_connection.remove_query_logger(on_driver)

    listeners = [
        ("checkout", listen),
        ("checkin", leave),
        ("before_cursor_execute", on_sqlalchemy),
    ]
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield statements
        await asyncio.sleep(0)  # the driver calls its loggers soon, not at once
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
