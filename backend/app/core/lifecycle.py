"""The start and stop handlers of the service."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from asyncpg import PostgresError
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core.config import Settings
from app.core.database import DatabaseSettings
from app.db.engine import create_engine
from app.postgres.database import Database
from app.postgres.faults import GONE
from app.postgres.pool import FairPool

if TYPE_CHECKING:  # the worker and the commands start without it
    from fastapi import FastAPI


def create_start_app_handler(app: "FastAPI", settings: Settings) -> Callable[[], Awaitable[None]]:
    """Creates the handler that puts a connected ``engine`` and ``database`` on ``app.state``.

    The handler raises RuntimeError, which stops the start, if no database answers.
    """

    async def start_app() -> None:
        app.state.engine, app.state.pool = await _connect(settings)
        app.state.replicas = [_prepare(settings, url) for url in settings.replica_urls]
        app.state.database = Database(app.state.pool, [pool for _, pool in app.state.replicas])

    return start_app


def create_stop_app_handler(app: "FastAPI") -> Callable[[], Awaitable[None]]:
    """Creates the handler that closes all connections, including those to replicas."""

    async def stop_app() -> None:
        state = app.state
        for engine, pool in ((state.engine, state.pool), *state.replicas):
            await _disconnect(engine, pool)

    return stop_app


@asynccontextmanager
async def connected(settings: DatabaseSettings) -> AsyncIterator[FairPool]:
    """Context manager for a connection pool whose first connection verifies the database.

    Raises:
        RuntimeError: No database answers.
    """
    engine, pool = await _connect(settings)
    try:
        yield pool
    finally:
        await _disconnect(engine, pool)


async def _connect(settings: DatabaseSettings) -> tuple[AsyncEngine, FairPool]:
    engine, pool = _prepare(settings)
    try:
        async with pool.connection() as connection:
            await connection.execute("SELECT 1")
    except (*GONE, PostgresError) as error:
        raise RuntimeError(f"No database answers at {engine.url}: {error}") from error
    return engine, pool


def _prepare(settings: DatabaseSettings, url: URL | None = None) -> tuple[AsyncEngine, FairPool]:
    engine = create_engine(settings, url)
    return engine, FairPool(engine, settings.pool_size, settings.pool_timeout, settings.pool_queue)


async def _disconnect(engine: AsyncEngine, pool: FairPool) -> None:
    await pool.close()
    await engine.dispose()
