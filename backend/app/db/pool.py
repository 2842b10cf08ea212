"""Connections for everyone, in the order in which they ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeAlias

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""A connection as the driver itself knows it."""

LIFETIME = 1800.0  # seconds, after which a connection makes room for a new one


class Kept(NamedTuple):
    """A connection that the engine has made, as SQLAlchemy and as the driver know it."""

    connection: PoolProxiedConnection
    driver: Any
    best_before: float


class FairPool:
    """Keeps connections, and lets nobody jump the queue.

    SQLAlchemy's own pools give a connection that comes back to whoever asks next, even if others
    have waited longer: under load some of those wait for seconds.

    Args:
        engine: Makes the connections; it has no pool itself.
        size: How many connections there may be.
        timeout: How many seconds somebody waits for one at the most.
    """

    def __init__(self, engine: AsyncEngine, size: int, timeout: float) -> None:
        self._engine, self._timeout = engine, timeout
        self.size, self.lent, self.waiting = size, 0, 0
        self.waits, self.waited = 0, 0.0  # of whoever had to wait: how often, and for how long
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Kept] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection, in no transaction.

        Raises:
            PoolTimeoutError: All have been in use for too long.
        """
        await self._take_turn()
        self.lent += 1
        try:
            kept = await self._take()
            try:
                yield kept.driver
            finally:
                if kept.driver.is_closed() or kept.driver.is_in_transaction():
                    kept.connection.invalidate()
                else:
                    self._idle.append(kept)
        finally:
            self.lent -= 1
            self._turns.release()

    async def close(self) -> None:
        """Closes the connections that nobody uses."""
        while self._idle:
            await greenlet_spawn(self._idle.pop().connection.close)

    async def _take_turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        clock = asyncio.get_running_loop().time
        since = clock()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._timeout):
                await self._turns.acquire()
        except TimeoutError as error:
            raise PoolTimeoutError("all connections are in use") from error
        finally:
            self.waiting -= 1
            self.waits += 1
            self.waited += clock() - since

    async def _take(self) -> Kept:
        now = asyncio.get_running_loop().time()
        while self._idle:
            kept = self._idle.pop()
            if now < kept.best_before and not kept.driver.is_closed():
                return kept
            kept.connection.invalidate()
        made = await self._engine.raw_connection()
        return Kept(made, made.driver_connection, now + LIFETIME)
