"""The last position of the stream of events, for requests that wait for it to move.

One query asks for it, for all of a process, as long as there are any.
"""

import asyncio
from contextlib import suppress

from starlette.datastructures import State

from app.core.errors import Unavailable
from app.db.repositories.feed import FeedReader

INTERVAL = 0.1  # seconds between two queries
UNKNOWN = -1
"""Less than each position."""


class StreamHead:
    """The last position of the stream.

    Args:
        state: The app's state, with the database, and whether the process is about to stop.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._position, self._waiting = UNKNOWN, 0
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def moved(self, known: int, seconds: float) -> int:
        """Waits until the last position is another one, or the process is about to stop.

        It may return too early, if the caller knows a later position than the last query.

        Args:
            known: The position that the caller knows, or `UNKNOWN`.
            seconds: How long to wait at the most.

        Returns:
            The last position; after that time, the known one.
        """
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self._wait(known, self._looking)
        except TimeoutError:
            return known
        finally:
            self._waiting -= 1
        return self._position

    async def _wait(self, known: int, looking: asyncio.Task[None]) -> None:
        """Waits for another position than the known one, or the end of the task that looks."""
        if self._position > known:
            return
        await self._moved.wait()
        while self._position == known and not looking.done():
            await self._moved.wait()
        if looking.done():
            looking.result()  # raises its error

    async def _look(self) -> None:
        """Asks for the last position as long as requests wait, and wakes them if it has moved."""
        self._position = UNKNOWN
        try:
            while self._waiting and not self._state.draining:
                with suppress(Unavailable):
                    # The primary: a standby may be behind.
                    head = await FeedReader(self._state.database).head()
                    if head != self._position:
                        self._position = head
                        self._wake()
                await asyncio.sleep(INTERVAL)
        finally:
            self._wake()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
