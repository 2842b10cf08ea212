"""Begin, commit and rollback of transactions: the only code that commits."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from app.postgres.faults import OutcomeUnknown, is_in_doubt, is_lost
from app.postgres.hosts import Connection


class Connections(Protocol):
    """Lends connections."""

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for the time of a block."""


@asynccontextmanager
async def begun(connections: Connections) -> AsyncIterator[Connection]:
    """A connection in a transaction: committed at the end of the block, rolled back if it raises.

    Args:
        connections: Where the connection comes from.
    """
    async with connections.connection() as connection, TransactionOn(connection):
        yield connection


class TransactionOn(AbstractAsyncContextManager[None]):
    """A transaction around a block: committed at its end, rolled back if the block raises.

    It is a class because a generator-based context manager costs some microseconds more.

    Args:
        connection: The connection that it uses.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._transaction = connection.transaction()

    async def __aenter__(self) -> None:
        """Begins it."""
        await self._transaction.start()

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Ends it.

        Raises:
            OutcomeUnknown: The transaction may or may not have been committed.
            asyncpg.PostgresError: The transaction has not been committed.
            ConnectionError: The connection was lost before the commit.
        """
        if error is None:
            if self._connection.is_closed():
                raise ConnectionError("lost before the commit")
            await _commit(self._connection, self._transaction)
        elif not is_lost(error):  # a lost server would not respond to the rollback
            await self._transaction.rollback()


async def _commit(connection: Connection, transaction: Any) -> None:
    """Commits a transaction and verifies the outcome.

    If the wait for a synchronous standby is cancelled, PostgreSQL reports success with a warning
    that the commit may be lost in a failover.

    Raises:
        OutcomeUnknown: The transaction may or may not have been committed.
        asyncpg.PostgresError: The transaction has not been committed.
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
