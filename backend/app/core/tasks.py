"""What happens when the service starts and when it stops."""

import gc
from collections.abc import Awaitable, Callable

from asyncpg import PostgresError
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core.config import Settings
from app.core.database import DatabaseSettings
from app.db.engine import Database, create_engine
from app.db.faults import GONE
from app.db.pool import FairPool


def create_start_app_handler(app: FastAPI, settings: Settings) -> Callable[[], Awaitable[None]]:
    """Makes the handler that puts a connected ``engine`` and ``database`` on ``app.state``.

    It raises RuntimeError, and so keeps the service from starting, if no database answers.
    """

    async def start_app() -> None:
        engine, pool = await connect(settings)
        app.state.engine = engine
        app.state.pool = pool
        engines = [create_engine(settings, url) for url in settings.replica_urls]
        app.state.replicas = [_pool(replica, settings) for replica in engines]
        app.state.database = Database(pool, app.state.replicas)
        # What start-up made is never garbage: later collections need not look at it. They come
        # seldom, since requests wait meanwhile and leave little behind that isn't freed at once.
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)

    return start_app


async def connect(settings: DatabaseSettings) -> tuple[AsyncEngine, FairPool]:
    """Makes an engine and a pool of its connections, the first of which proves the database.

    Raises:
        RuntimeError: No database answers.
    """
    engine = create_engine(settings)
    pool = _pool(engine, settings)
    try:
        async with pool.connection() as connection:
            await connection.execute("SELECT 1")
    except (*GONE, PostgresError) as error:
        raise RuntimeError(f"No database answers at {engine.url}: {error}") from error
    return engine, pool


def _pool(engine: AsyncEngine, settings: DatabaseSettings) -> FairPool:
    return FairPool(engine, settings.pool_size, settings.pool_timeout, settings.pool_queue)


def create_stop_app_handler(app: FastAPI) -> Callable[[], Awaitable[None]]:
    """Makes the handler that closes every connection of ``app.state.engine``."""

    async def stop_app() -> None:
        for pool in (app.state.pool, *app.state.replicas):
            await pool.close()
        await app.state.engine.dispose()

    return stop_app
