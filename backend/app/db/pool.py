"""Connections for everyone, in the order in which they ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""A connection as the driver itself knows it."""


class FairPool:
    """Hands out the connections of an engine, and lets nobody jump the queue.

    SQLAlchemy's own pool gives a connection that comes back to whoever asks next, even if others
    have waited longer; under load some of those wait for seconds.

    Args:
        engine: Makes the connections and keeps them. Nobody else should hold any for long.
        size: How many it may have.
        timeout: How many seconds somebody waits for one at the most.
    """

    def __init__(self, engine: AsyncEngine, size: int, timeout: float) -> None:
        self._engine, self._timeout = engine, timeout
        self._turns = asyncio.Semaphore(size)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection, in no transaction.

        Raises:
            PoolTimeoutError: All are in use for too long.
        """
        await self._take_turn()
        try:
            lent = await greenlet_spawn(self._engine.pool.connect)
            driver: Any = lent.driver_connection
            try:
                yield driver
            finally:
                if driver.is_closed() or driver.is_in_transaction():
                    lent.invalidate()
                lent.close()
        finally:
            self._turns.release()

    async def _take_turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(self._timeout):
                await self._turns.acquire()
        except TimeoutError as error:
            raise PoolTimeoutError("all connections are in use") from error
