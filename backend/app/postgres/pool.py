"""Connections for everyone, in the order in which they ask."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager, suppress
from typing import NamedTuple, cast

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection

from app.core.errors import Unavailable
from app.postgres.faults import GONE, is_lost
from app.postgres.hosts import Connection

LIFETIME = 1800.0  # seconds, after which a connection makes room for a new one
CLOSE_TIMEOUT = 1.0  # seconds
TOO_MANY = "Too many ask just now. Please try again in a moment."


class Kept(NamedTuple):
    """A connection that the engine has made, as SQLAlchemy and as the driver know it."""

    connection: PoolProxiedConnection
    driver: Connection
    best_before: float


class FairPool:
    """Keeps connections, and lets nobody jump the queue.

    SQLAlchemy's own pools give a connection that comes back to whoever asks next, even if others
    have waited longer: under load some of those wait for seconds.

    Args:
        engine: Makes the connections; it has no pool itself.
        size: How many connections there may be.
        timeout: How many seconds somebody waits for one at the most.
        queue: How many may wait. Whoever comes then is refused at once, and costs little.
    """

    def __init__(self, engine: AsyncEngine, size: int, timeout: float, queue: int) -> None:
        self._engine, self._timeout, self._queue = engine, timeout, queue
        self.size, self.lent, self.waiting = size, 0, 0
        self.waits, self.waited = 0, 0.0  # of whoever had to wait: how often, and for how long
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Kept] = []

    @property
    def address(self) -> str:
        """The host and the port of the database."""
        return f"{self._engine.url.host}:{self._engine.url.port}"

    @property
    def is_crowded(self) -> bool:
        """Whether no more may wait."""
        return self.waiting >= self._queue

    def connection(self) -> "Loan":
        """A connection for the time of a block, in no transaction."""
        return Loan(self)

    async def lend(self) -> Kept:
        """Lends a connection until it is given back.

        Raises:
            Unavailable: All are in use, and too many wait, or this one has for too long.
        """
        await self._take_turn()
        self.lent += 1
        try:
            return await self._take()
        except BaseException:
            self._end_turn()
            raise

    def give_back(self, kept: Kept, error: BaseException | None) -> None:
        """Takes a connection back.

        If it is lost, so may be those that nobody uses: none of them is lent again.

        Args:
            kept: The connection.
            error: What the work with it has ended in, if in an error.
        """
        try:
            if error is not None and is_lost(error):
                self._forget(kept)
            if kept.driver.is_closed() or kept.driver.is_in_transaction():
                _end(kept)
            else:
                self._idle.append(kept)
        finally:
            self._end_turn()

    async def close(self) -> None:
        """Closes the connections that nobody uses."""
        while self._idle:
            await _close(self._idle.pop())

    def _forget(self, lost: Kept) -> None:
        for kept in (lost, *self._idle):
            _end(kept)
        self._idle.clear()

    def _end_turn(self) -> None:
        self.lent -= 1
        self._turns.release()

    async def _take_turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        if self.is_crowded:
            raise Unavailable(TOO_MANY)
        since = time.monotonic()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._timeout):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable(TOO_MANY) from None
        finally:
            self.waiting -= 1
            self.waits += 1
            self.waited += time.monotonic() - since

    async def _take(self) -> Kept:
        now = time.monotonic()
        while self._idle:
            kept = self._idle.pop()
            if kept.driver.is_closed():
                _end(kept)
            elif now < kept.best_before:
                return kept
            else:
                await _close(kept)
        try:
            made = await self._engine.raw_connection()
        except (self._engine.dialect.loaded_dbapi.Error, DBAPIError) as error:
            raise _as_the_driver_says(error) from None
        return Kept(made, cast("Connection", made.driver_connection), now + LIFETIME)


class Loan(AbstractAsyncContextManager[Connection]):
    """A connection that is given back at the end of a block.

    It is a class since a generator would cost every statement about a fortieth more.

    Args:
        pool: Whose connection it is.
    """

    def __init__(self, pool: FairPool) -> None:
        self._pool = pool

    async def __aenter__(self) -> Connection:
        """Borrows the connection.

        Raises:
            Unavailable: All are in use, and too many wait, or this one has for too long.
        """
        self._kept = await self._pool.lend()
        return self._kept.driver

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Gives it back."""
        self._pool.give_back(self._kept, error)


async def _close(kept: Kept) -> None:
    with suppress(*GONE):  # it is cut off if the server has nothing to say
        await kept.driver.close(timeout=CLOSE_TIMEOUT)
    _end(kept)


def _as_the_driver_says(error: BaseException) -> BaseException:
    """What the driver raised, within what SQLAlchemy has made of it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _end(kept: Kept) -> None:
    if kept.connection.is_valid:
        kept.connection.invalidate()
