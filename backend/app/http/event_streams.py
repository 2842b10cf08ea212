"""The format of server-sent events (WHATWG HTML, 9.2), and responses that consist of them."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.core.security.tokens import Bearer
from app.http.bodies import GOES_ON

MEDIA_TYPE = "text/event-stream"
UNREAD_SECONDS = 10.0
"""How long a client may leave unread what was sent."""
HEARTBEAT = b":\n\n"
"""A comment, by which both sides notice a lost connection."""


def event(name: str, data: str, position: int | None = None) -> bytes:
    """An event.

    Args:
        name: Its type.
        data: JSON, or a text without line feeds.
        position: Its id, which clients send back as ``Last-Event-ID``.
    """
    line = data.replace("\n", " ")  # between the tokens of JSON
    mark = "" if position is None else f"id: {position}\n"
    return f"event: {name}\ndata: {line}\n{mark}\n".encode()


def place(position: int) -> bytes:
    """An id without an event, for clients that connect again before the first event."""
    return b"id: %d\n\n" % position


def pause(caller: Bearer) -> bytes:
    """The time after which a client connects again: another one for each session.

    So the clients of a process that stops do not come back all at once.
    """
    return b"retry: %d\n\n" % (1_000 + caller.session_id.int % 2_000)  # milliseconds


class EventStream(StreamingResponse):
    """A response with events, until the client disconnects.

    The time for which it is open is no part of the duration of the request.

    Args:
        first: The events that are sent at once.
        further: Those that are sent as they come.
    """

    media_type = MEDIA_TYPE

    def __init__(self, first: bytes, further: AsyncGenerator[bytes]) -> None:
        super().__init__(self._events())
        self._first, self._further = first, further

    async def _events(self) -> AsyncGenerator[bytes]:
        yield self._first
        async for it in self._further:
            yield it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the events."""
        state, begun = scope["state"], time.monotonic()
        state |= {"answer_seconds": UNREAD_SECONDS, GOES_ON: True}
        try:
            async with aclosing(self._further):
                await super().__call__(scope, receive, send)
        finally:
            state["waited"] = time.monotonic() - begun
