"""Connections for everyone, in the order in which they ask."""

import asyncio
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_


class FairPool(AsyncAdaptedQueuePool):
    """A pool that lets nobody jump the queue.

    SQLAlchemy's own gives a connection that comes back to whoever asks next, even if others have
    waited longer; under load some of those wait for seconds.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._turns = asyncio.Semaphore(self.size())

    def _do_get(self) -> ConnectionPoolEntry:
        await_(self._take_turn())
        try:
            return super()._do_get()
        except BaseException:
            self._turns.release()
            raise

    async def _take_turn(self) -> None:
        try:
            async with asyncio.timeout(self.timeout() if self._turns.locked() else None):
                await self._turns.acquire()
        except TimeoutError as error:
            raise PoolTimeoutError("all connections are in use") from error

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        try:
            super()._do_return_conn(record)
        finally:
            self._turns.release()
