"""Limits of the size and the transfer time of bodies."""

import asyncio
from collections.abc import Awaitable
from contextlib import nullcontext, suppress
from typing import NamedTuple

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import (
    BodyIncomplete,
    BodyTooSlow,
    ContentTooLarge,
    UnsupportedMediaType,
)

ANSWER_SECONDS = 30.0
"""Seconds for a client to read a response, by default."""

ARRIVED = "body_arrived"
"""Set in the state of a request whose body has arrived before it is read, as most have.

A timer for those would take a sixtieth of the time of a write.
"""

GOES_ON = "response_goes_on"
"""Set in the state of a request whose response has no end: it is timed only while it is unread."""

LONGEST_NUMBER = 12  # digits of the largest permitted size
LINGER_SECONDS = 1.0
LINGER_SIZE = 1_000_000  # bytes


class BodyLimit(NamedTuple):
    """The limits of a body.

    Args:
        size: Bytes.
        seconds: Time from the end of the headers to the end of the body.
    """

    size: int
    seconds: float


OF_STRANGERS = BodyLimit(16 * 1024, 10.0)
"""The limits of routes without a login."""

OF_MEMBERS = BodyLimit(128 * 1024, 10.0)
"""The limits of routes with a login. The proxy buffers as much (`tune.bufsize` in haproxy.cfg)."""


def has_body(scope: Scope) -> bool:
    """Whether a request has a body (RFC 9112, 6.3)."""
    for name, value in scope["headers"]:
        if (name == b"content-length" and value != b"0") or name == b"transfer-encoding":
            return True
    return False


async def read_body(scope: Scope, receive: Receive, limit: BodyLimit) -> bytes:
    """Reads the whole body of a request.

    Raises:
        ContentTooLarge: The body, or its `Content-Length`, exceeds the limit.
        BodyTooSlow: It did not arrive in time.
        BodyIncomplete: The client disconnected before its end.
    """
    demand_small(scope, limit.size)
    body = bytearray()
    in_time = nullcontext() if scope["state"].get(ARRIVED) else asyncio.timeout(limit.seconds)
    try:
        async with in_time:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise BodyIncomplete
                body += message.get("body", b"")
                if len(body) > limit.size:
                    raise ContentTooLarge
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise BodyTooSlow from None


def demand_small(scope: Scope, size: int) -> None:
    """Refuses a body by its `Content-Length`, before it is read.

    Raises:
        ContentTooLarge: The `Content-Length` is larger than `size`.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            number = value.lstrip(b"0")
            if len(number) > LONGEST_NUMBER or int(number or b"0") > size:
                raise ContentTooLarge


def media_type_sent(request: Request) -> str:
    """The media type of a body, without its parameters; empty if it is not stated."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unsupported(accepted: str) -> UnsupportedMediaType:
    """The error of a body that has another media type than the accepted ones."""
    return UnsupportedMediaType(
        "The Content-Type of the request body must be {accepted}.", values={"accepted": accepted}
    )


def once_more(body: bytes, receive: Receive) -> Receive:
    """A `receive` that replays a body for the framework."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return messages.pop() if messages else await receive()

    return receive_again


class BodyMiddleware:
    """Closes the connection when a request is answered before the end of its body.

    Otherwise the next request on the connection would wait for the rest of the body (RFC 9112,
    9.3), which a client may send at any speed.

    `scope["state"]["has_body"]` is true for requests with a body.

    Args:
        app: Handles the requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handles one connection."""
        if scope["type"] != "http" or not has_body(scope):
            return self.app(scope, receive, send)
        scope.setdefault("state", {})["has_body"] = True
        exchange = Exchange(receive, send)
        return self.app(scope, exchange.receive, exchange.send)


class Exchange:
    """A request with a body, and its response.

    Args:
        receive: Receives the body.
        send: Sends the response.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._unread, self._closes, self._dropped = True, False, 0

    async def receive(self) -> Message:
        """The next part of the body."""
        message = await self._receive()
        self._unread = bool(message.get("more_body"))
        return message

    async def send(self, message: Message) -> None:
        """Sends a part of the response."""
        if message["type"] == "http.response.start" and self._unread:
            await self._drop(seconds=0)  # usually the whole body has arrived
            if self._unread:
                self._closes = True
                message["headers"].append((b"connection", b"close"))
        elif self._closes and not message.get("more_body"):
            # A client that still sends may lose a response whose connection is closed at once.
            await self._send({**message, "more_body": True})
            await self._drop(LINGER_SECONDS)
            message = {"type": "http.response.body"}
        await self._send(message)

    async def _drop(self, seconds: float) -> None:
        """Reads and discards the body."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._unread and self._dropped < LINGER_SIZE:
                    self._dropped += len((await self.receive()).get("body", b""))
