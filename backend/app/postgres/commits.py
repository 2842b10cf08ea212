"""How transactions begin and end: the one place that commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.postgres.faults import OutcomeUnknown, is_in_doubt, is_lost
from app.postgres.hosts import Connection


@asynccontextmanager
async def transaction_on(connection: Connection) -> AsyncIterator[None]:
    """A transaction around a block: committed at its end, rolled back if it raises."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    except BaseException as error:
        if not is_lost(error):  # it would not hear of it, and be waited for
            await transaction.rollback()
        raise
    if connection.is_closed():
        raise ConnectionError("lost before the commit")
    await _commit(connection, transaction)


async def _commit(connection: Connection, transaction: Any) -> None:
    """Commits, and makes sure of it.

    When somebody cancels the wait for a synchronous standby, PostgreSQL calls it a success, and
    warns that it may be lost.

    Raises:
        OutcomeUnknown: It may have been committed, or may be lost.
        asyncpg.PostgresError: It has not been committed.
    """
    warnings = connection.warnings
    try:
        await transaction.commit()
    except Exception as error:
        if is_in_doubt(error):
            raise OutcomeUnknown from error
        raise
    if connection.warnings != warnings:
        raise OutcomeUnknown
