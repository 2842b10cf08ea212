"""Factories of the service with one mechanism replaced, for ``make bench-ablation``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from app.core import lifecycle
from app.core.database import DatabaseSettings
from app.postgres import batches
from app.postgres.hosts import Connection, Hosts
from app.postgres.statements import Compiled, Statement
from app.postgres.watched import WatchedConnection


def combined_writes() -> FastAPI:
    """The service with one statement per row."""
    batches.MOST_COMBINED = 1
    return _service()


class CachedByKey:
    """Finds the compiled text by SQLAlchemy's cache key, as its engine does for each execution."""

    _compile = Statement.compiled.func  # type: ignore[attr-defined]  # of the cached property

    def __init__(self) -> None:
        self._cache: dict[Any, Compiled] = {}

    def __get__(self, statement: Any, _: object) -> Compiled:
        """The compiled statement."""
        built = statement._statement  # noqa: SLF001 (it is released when it is compiled)
        key = (id(statement), built._generate_cache_key().key)  # noqa: SLF001 (what the engine uses)
        if key not in self._cache:
            self._cache[key] = CachedByKey._compile(statement)
            statement._statement = built  # noqa: SLF001
        return self._cache[key]


def compiled_statements() -> FastAPI:
    """The service with SQLAlchemy's cache of compiled statements."""
    replaced: Any = Statement
    replaced.compiled = CachedByKey()
    return _service()


def watched_connections() -> FastAPI:
    """The service with connections that watch no statement: no log, no traces, no deadline."""

    async def run(_: Any, __: str, ___: float | None, running: Any) -> Any:
        return await running

    replaced: Any = WatchedConnection
    replaced._watched = run  # noqa: SLF001
    return _service()


class QueuePool:
    """SQLAlchemy's own pool, in place of `FairPool`: it reuses connections in any order."""

    lent = waiting = waits = 0
    waited, is_crowded = 0.0, False

    def __init__(self, engine: AsyncEngine, size: int, *_: object) -> None:
        self._engine, self.size = engine, size

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for the time of a block."""
        checked_out = await self._engine.raw_connection()
        try:
            yield cast("Connection", checked_out.driver_connection)
        finally:
            await greenlet_spawn(checked_out.close)

    async def close(self) -> None:
        """Leaves all connections to the engine."""


def own_pool() -> FastAPI:
    """The service with SQLAlchemy's pool."""

    def create_engine(settings: DatabaseSettings, url: Any = None) -> AsyncEngine:
        url = url or settings.sqlalchemy_url
        connect = Hosts(url, settings).connect
        return create_async_engine(
            url, pool_size=settings.pool_size, max_overflow=0, async_creator=connect
        )

    replaced: Any = lifecycle
    replaced.create_engine, replaced.FairPool = create_engine, QueuePool
    return _service()


def _service() -> FastAPI:
    from app.api.launch import get_application  # it imports what is replaced

    return get_application()
