"""The AsyncEngine, and the one place that begins, commits and repeats transactions."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol, TypeVar

import asyncpg
from sqlalchemy import event, exc
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)
from sqlalchemy.util import greenlet_spawn

from app.core.config import Settings
from app.core.errors import Unavailable
from app.db.pool import FairPool

Result = TypeVar("Result")

ATTEMPTS = 3
LOST_RACE = ("40001", "40P01")  # serialization failure, deadlock
UNREACHABLE = ("08", "25006", "53", "55P03", "57")  # classes and codes, matched by prefix
LOST_CONNECTION = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


def create_engine(settings: Settings) -> AsyncEngine:
    """Builds the engine; nothing connects before its first use.

    The sessions' time zone is UTC, so the times that PostgreSQL writes as JSON are in UTC.
    """
    engine = create_async_engine(
        settings.sqlalchemy_url,
        poolclass=FairPool,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.pool_timeout,
        pool_recycle=1800,
        connect_args={"server_settings": {"timezone": "UTC"}},
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, *_: Any) -> None:
    """Has the pool replace connections that the server has closed, without asking the server."""
    if connection.driver_connection.is_closed():
        raise exc.InvalidatePoolError


class Source(Protocol):
    """Where a reader gets its rows: the pool, or a transaction that is under way."""

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs a statement on the driver itself and returns all its rows."""


class Transaction(AsyncSession):
    """A session that lives in exactly one transaction, which only its maker commits."""

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs a statement on the driver itself, after flushing what is pending."""
        await self.flush()
        return await _fetch_on(await self.connection(), sql, arguments)


class Database:
    """Hands out transactions and answers reads.

    Args:
        bind: The engine; or one connection, in whose transaction everything then happens.
    """

    def __init__(self, bind: AsyncEngine | AsyncConnection) -> None:
        self._bind = bind

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs a reading statement on the driver itself, with no transaction around it.

        Raises:
            Unavailable: The database can't be reached.
        """
        with _translated():
            if isinstance(self._bind, AsyncConnection):
                return await _fetch_on(self._bind, sql, arguments)
            try:
                return await _fetch_from(self._bind, sql, arguments)
            except LOST_CONNECTION:  # it was lost since its last use: a read can be repeated
                return await _fetch_from(self._bind, sql, arguments)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction: committed at the end of the block, rolled back if the block raises.

        Raises:
            Unavailable: The database can't be reached.
        """
        with _translated():
            async with Transaction(
                self._bind, expire_on_commit=False, join_transaction_mode="create_savepoint"
            ) as transaction:
                yield transaction
                await transaction.commit()

    async def run(self, work: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Does a unit of work in a transaction, and anew from its start when it lost a race.

        Args:
            work: Called once per attempt, each time with a new transaction. It has no effects
                outside of the transaction.

        Raises:
            Unavailable: The database can't be reached, or every attempt lost its race.
        """
        for _ in range(ATTEMPTS):
            try:
                async with self.write() as transaction:
                    return await work(transaction)
            except (exc.DBAPIError, asyncpg.PostgresError) as error:
                if sqlstate(error) not in LOST_RACE:
                    raise
        raise Unavailable


async def _fetch_from(
    engine: AsyncEngine, sql: str, arguments: Sequence[Any]
) -> list[asyncpg.Record]:
    connection = await engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        rows: list[asyncpg.Record] = await driver.fetch(sql, *arguments)
        return rows
    finally:
        await greenlet_spawn(connection.close)


async def _fetch_on(
    connection: AsyncConnection, sql: str, arguments: Sequence[Any]
) -> list[asyncpg.Record]:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    rows: list[asyncpg.Record] = await driver.fetch(sql, *arguments)
    return rows


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error, whoever wrapped it; empty if it has none."""
    origin = error.orig if isinstance(error, exc.DBAPIError) else error
    return getattr(origin, "sqlstate", None) or ""


@contextmanager
def _translated() -> Iterator[None]:
    """Turns every way of not reaching the database into Unavailable."""
    try:
        yield
    except (*LOST_CONNECTION, TimeoutError, exc.TimeoutError) as error:
        raise Unavailable from error
    except (exc.DBAPIError, asyncpg.PostgresError) as error:
        lost = isinstance(error, exc.DBAPIError) and error.connection_invalidated
        if lost or sqlstate(error).startswith(UNREACHABLE):
            raise Unavailable from error
        raise
