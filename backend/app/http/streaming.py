"""The open streams of server-sent events, and how they learn that their users were told something.

While a stream waits, it holds neither a connection of the database nor a place among the requests
that are limited. When the stream of events has moved, one query for all streams of a process asks
for the users who were told something since.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from starlette.datastructures import State

from app.core.errors import TooManyRequests, Unauthenticated, Unavailable
from app.core.limits import Limit
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.repositories.notification_streams import NotificationStreamReader
from app.db.repositories.sessions import SessionReader
from app.http.event_streams import HEARTBEAT, EventStream, pause
from app.http.stream_head import INTERVAL, UNKNOWN, StreamHead
from app.postgres.pool import TOO_MANY

QUIET = 15.0  # seconds without an event until a heartbeat
CHECKED_EVERY = 30.0  # seconds between two checks of all sessions
LONGEST = 3600.0  # seconds, after which a client may reach a new server
MOST_STREAMS = 1_000
"""The largest number of streams of a process."""
STREAMS_PER_ACCOUNT = Limit("event_streams", 5, int(LONGEST))
READS_AT_ONCE = 4
"""How many streams read their events at the same time: other requests need connections, too."""

Read = Callable[[], Awaitable[bytes]]
"""Reads the events that a stream has not sent yet. It raises Unauthenticated after the session."""


class Listener:
    """An open stream.

    Args:
        caller: The caller.

    Attributes:
        woken: Set if there may be events, or the stream is to end.
        has_ended: Whether it is to end.
    """

    def __init__(self, caller: Bearer) -> None:
        self.caller, self.woken, self.has_ended = caller, asyncio.Event(), False

    async def is_woken(self, seconds: float) -> bool:
        """Waits until the stream is woken; returns whether it was in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self.woken.wait()
        return False

    def end(self) -> None:
        """Ends the stream."""
        self.has_ended = True
        self.woken.set()


class Streams:
    """The open streams of a process.

    Args:
        state: The app's state, with the database, and whether the process is about to stop.
        head: The last position of the stream of events.

    Attributes:
        longest: The longest duration of a stream in seconds.
    """

    def __init__(self, state: State, head: StreamHead) -> None:
        self._state, self._head, self.longest = state, head, LONGEST
        self._open: set[Listener] = set()
        self._turns = asyncio.Semaphore(READS_AT_ONCE)
        self._looking: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """The number of open streams."""
        return len(self._open)

    @raises(TooManyRequests)
    async def stream(self, caller: Bearer, read: Read, *, headers_only: bool) -> EventStream:
        """Opens a stream.

        It ends with the session, when the process is about to stop, and after `longest`.

        Args:
            caller: The caller.
            read: Called at once, and whenever the caller may have been told something.
            headers_only: Whether the stream ends at once.
        """
        events = self._events(caller, read, 0 if headers_only else self.longest)
        return EventStream(await anext(events), events)

    async def _events(self, caller: Bearer, read: Read, seconds: float) -> AsyncGenerator[bytes]:
        end = time.monotonic() + seconds
        with self._place(caller) as listener:
            async with self._turns:
                found = await read()
            yield pause(caller) + found
            while not listener.has_ended and (left := end - time.monotonic()) > 0:
                self._start_looking()
                if not await listener.is_woken(min(QUIET, left)):
                    yield HEARTBEAT
                elif found := await self._read(listener, read):
                    yield found

    async def _read(self, listener: Listener, read: Read) -> bytes:
        """The events for a stream that was woken, which is ended if its session has ended."""
        listener.woken.clear()
        try:
            async with self._turns:
                return await read()
        except Unauthenticated:
            listener.end()
        except Unavailable:
            await asyncio.sleep(INTERVAL)
            listener.woken.set()
        return b""

    @contextmanager
    def _place(self, caller: Bearer) -> Iterator[Listener]:
        """Counts a stream.

        Raises:
            TooManyRequests: The account has too many.
            Unavailable: The process has too many.
        """
        own = sum(it.caller.user_id == caller.user_id for it in self._open)
        if own >= STREAMS_PER_ACCOUNT.most:
            raise TooManyRequests(STREAMS_PER_ACCOUNT, 1)
        if len(self._open) >= MOST_STREAMS:
            raise Unavailable(TOO_MANY)
        listener = Listener(caller)
        self._open.add(listener)
        try:
            yield listener
        finally:
            self._open.discard(listener)

    def _start_looking(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Wakes the streams of users who were told something, as long as there are streams.

        Ends all of them when the process is about to stop.
        """
        position, checked = UNKNOWN, time.monotonic()
        try:
            while self._open and not self._state.draining:
                head = await self._head.moved(position, INTERVAL)
                try:
                    if head != position:
                        await self._wake(position)
                        position = head
                    if time.monotonic() >= checked + CHECKED_EVERY:
                        await self._check_sessions()
                        checked = time.monotonic()
                except Unavailable:
                    await asyncio.sleep(INTERVAL)
        finally:
            for listener in self._open:
                listener.end()

    async def _wake(self, position: int) -> None:
        """Wakes the streams of users who were told something behind a position.

        Args:
            position: The last position that the streams know; `UNKNOWN` wakes all.
        """
        told = {it.caller.user_id for it in self._open}
        if position != UNKNOWN:
            reader = NotificationStreamReader(self._state.database)  # a standby may be behind
            told = await reader.told(told, position)
        for listener in self._open:
            if listener.caller.user_id in told:
                listener.woken.set()

    async def _check_sessions(self) -> None:
        """Ends the streams whose session has ended."""
        checked = list(self._open)
        live = await SessionReader(self._state.database).live(
            {it.caller.session_id for it in checked}
        )
        for listener in checked:
            if listener.caller.session_id not in live:
                listener.end()
