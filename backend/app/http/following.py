"""Long polling: requests that wait for the stream to grow.

While they wait, they hold neither a connection of the database nor a place among the requests that
are limited. One query for all of them in a process asks for the last position of the stream.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from uuid import UUID

from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import TooManyRequests, Unavailable
from app.core.limits import Limit
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.feed import LONGEST_WAIT, FeedParameters, PositionUnknown
from app.db.repositories.feed import FeedReader, FollowedPart
from app.postgres.pool import TOO_MANY

INTERVAL = 0.1  # seconds between two queries for the last position
WAITS_PER_ACCOUNT = Limit("waiting_requests", 5, LONGEST_WAIT)
MOST_WAITING = 1_000
"""The largest number of waiting requests of a process, which take 20 KiB each."""


class Followers:
    """The followers of the feed, who wait for events.

    Args:
        state: The app's state, with the database, and whether the process is about to stop.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: Counter[UUID] = Counter()
        self._grown = asyncio.Event()
        self._turn = asyncio.Lock()
        self._last = 0

    @raises(PositionUnknown, TooManyRequests)
    async def follow(
        self, request: Request, caller: Bearer, after: int, parameters: FeedParameters
    ) -> FollowedPart:
        """The next events behind a position; waits for one if there is none.

        Each look at the feed checks the session of the caller. The wait ends when the process is
        about to stop. `waited` in the state of the request is the time of the wait.

        Args:
            request: The request.
            caller: The caller.
            after: The last position that is known.
            parameters: How many events, and how long to wait in seconds.
        """
        begun = time.monotonic()
        with self._place(caller.user_id) if parameters.wait else nullcontext():
            while True:
                grown = self._grown
                part = await self._reader.follow(caller, after, parameters.limit)
                left = begun + parameters.wait - time.monotonic()
                if part.items or left <= 0 or self._state.draining:
                    return part
                if part.position == after:
                    await self._wait(request, grown, after, left)
                after = part.position

    @property
    def _reader(self) -> FeedReader:
        return FeedReader(self._state.database)  # the primary: a standby may be behind

    @contextmanager
    def _place(self, user_id: UUID) -> Iterator[None]:
        """Counts a request that may wait.

        Raises:
            TooManyRequests: Others of the account wait.
            Unavailable: The process has too many.
        """
        if self._waiting[user_id] >= WAITS_PER_ACCOUNT.most:
            raise TooManyRequests(WAITS_PER_ACCOUNT, 1)
        if self._waiting.total() >= MOST_WAITING:
            raise Unavailable(TOO_MANY)
        self._waiting[user_id] += 1
        try:
            yield
        finally:
            self._waiting -= Counter([user_id])

    async def _wait(
        self, request: Request, grown: asyncio.Event, after: int, seconds: float
    ) -> None:
        """Waits until the stream has grown, at most as many seconds.

        The waiting requests take turns to look: so the looks end with the last of them.

        Args:
            request: The request that waits.
            grown: The event that tells so since the last look at the feed.
            after: The last position at that time.
            seconds: How long to wait.
        """
        since = time.monotonic()
        end = since + seconds
        with suppress(TimeoutError):
            while not grown.is_set() and time.monotonic() < end:
                async with asyncio.timeout(end - time.monotonic()):
                    await self._turn.acquire()
                try:
                    if not grown.is_set():
                        await asyncio.sleep(min(INTERVAL, end - time.monotonic()))
                        await self._look(after)
                finally:
                    self._turn.release()
        state = request.scope["state"]
        state["waited"] = state.get("waited", 0.0) + time.monotonic() - since

    async def _look(self, after: int) -> None:
        """Wakes all waiting requests if the stream has grown, or the process is about to stop.

        Args:
            after: The last position when the request that looks has read the feed.
        """
        with suppress(Unavailable):
            head = await self._reader.head()
            if self._state.draining or not head == after == self._last:
                self._last = head
                grown, self._grown = self._grown, asyncio.Event()
                grown.set()


def followed_response(part: FollowedPart) -> Response:
    """The response with a part of the stream."""
    content = f'{{"items":[{",".join(part.items)}],"position":{part.position}}}'
    return Response(content, media_type="application/json")
