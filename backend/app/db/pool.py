"""Connections for everyone, in the order in which they ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from app.core.errors import Unavailable
from app.db.faults import GONE, is_lost
from app.db.hosts import Connection, Hosts

LIFETIME = 1800.0  # seconds, after which a connection makes room for a new one
CLOSE_TIMEOUT = 1.0  # seconds
TOO_MANY = "Too many ask just now. Please try again in a moment."


class Kept(NamedTuple):
    """A connection, and when it is to make room for a new one."""

    driver: Connection
    best_before: float


class FairPool:
    """Keeps connections, and lets nobody jump the queue.

    SQLAlchemy's own pools give a connection that comes back to whoever asks next, even if others
    have waited longer: under load some of those wait for seconds.

    Args:
        hosts: Makes the connections.
        size: How many connections there may be.
        timeout: How many seconds somebody waits for one at the most.
        queue: How many may wait. Whoever comes then is refused at once, and costs little.
    """

    def __init__(self, hosts: Hosts, size: int, timeout: float, queue: int) -> None:
        self.hosts, self._timeout, self._queue = hosts, timeout, queue
        self.size, self.lent, self.waiting = size, 0, 0
        self.waits, self.waited = 0, 0.0  # of whoever had to wait: how often, and for how long
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Kept] = []

    @property
    def is_crowded(self) -> bool:
        """Whether no more may wait."""
        return self.waiting >= self._queue

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection, in no transaction.

        When it turns out to be lost, so may be those that nobody uses: they are not lent again.

        Raises:
            Unavailable: All are in use, and too many wait, or this one has for too long.
        """
        await self._take_turn()
        self.lent += 1
        try:
            kept = await self._take()
            try:
                yield kept.driver
            except BaseException as error:
                if is_lost(error):
                    self._forget(kept)
                raise
            finally:
                if kept.driver.is_closed() or kept.driver.is_in_transaction():
                    kept.driver.terminate()
                else:
                    self._idle.append(kept)
        finally:
            self.lent -= 1
            self._turns.release()

    async def close(self) -> None:
        """Closes the connections that nobody uses."""
        while self._idle:
            await _close(self._idle.pop())

    def _forget(self, lost: Kept) -> None:
        for kept in (lost, *self._idle):
            kept.driver.terminate()
        self._idle.clear()

    async def _take_turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        if self.is_crowded:
            raise Unavailable(TOO_MANY)
        clock = asyncio.get_running_loop().time
        since = clock()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._timeout):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable(TOO_MANY) from None
        finally:
            self.waiting -= 1
            self.waits += 1
            self.waited += clock() - since

    async def _take(self) -> Kept:
        now = asyncio.get_running_loop().time()
        while self._idle:
            kept = self._idle.pop()
            if kept.driver.is_closed():
                continue
            if now < kept.best_before:
                return kept
            await _close(kept)
        return Kept(await self.hosts.connect(), now + LIFETIME)


async def _close(kept: Kept) -> None:
    with suppress(*GONE):  # it is cut off if the server has nothing to say
        await kept.driver.close(timeout=CLOSE_TIMEOUT)
