"""Long polling: requests that wait for the stream to grow.

While they wait, they hold neither a connection of the database nor a place among the requests that
are limited.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
from app.http.stream_head import StreamHead
from app.postgres.pool import TOO_MANY

WAITS_PER_ACCOUNT = Limit("waiting_requests", 5, LONGEST_WAIT)
MOST_WAITING = 1_000
"""The largest number of waiting requests of a process, which take 20 KiB each."""


class Followers:
    """The followers of the feed, who wait for events.

    Args:
        state: The app's state, with the database, and whether the process is about to stop.
        head: The last position of the stream.
    """

    def __init__(self, state: State, head: StreamHead) -> None:
        self._state, self._head = state, head
        self._waiting: Counter[UUID] = Counter()

    @raises(PositionUnknown, TooManyRequests)
    async def follow(
        self, request: Request, caller: Bearer, parameters: FeedParameters
    ) -> FollowedPart:
        """The next events behind a position; waits for one if there is none.

        Each look at the feed checks the session of the caller. The wait ends when the process is
        about to stop. `waited` in the state of the request is the time of the wait.

        Args:
            request: The request.
            caller: The caller.
            parameters: The position, how many events, and how long to wait in seconds.
        """
        begun = time.monotonic()
        after = None if parameters.after == "latest" else parameters.after
        with self._place(caller.user_id) if parameters.wait else nullcontext():
            while True:
                part = await self._reader.follow(caller, after, parameters.limit)
                left = begun + parameters.wait - time.monotonic()
                if part.items or left <= 0 or self._state.draining:
                    return part
                if part.position == after:
                    await self._wait(request, after, left)
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

    async def _wait(self, request: Request, after: int, seconds: float) -> None:
        """Waits until the stream has moved from a position, at most as many seconds."""
        since = time.monotonic()
        await self._head.moved(after, seconds)
        state = request.scope["state"]
        state["waited"] = state.get("waited", 0.0) + time.monotonic() - since


def followed_response(part: FollowedPart) -> Response:
    """The response with a part of the stream."""
    content = f'{{"items":[{",".join(part.items)}],"position":{part.position}}}'
    return Response(content, media_type="application/json")
