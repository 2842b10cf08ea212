"""Clients that are slow or send too much: what a connection bears, without any proxy in front."""

import asyncio
import gc
import socket
import struct
import weakref
from collections.abc import Callable
from contextlib import suppress

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.http import protocol
from app.http.bodies import GOES_ON
from app.http.protocol import HEADERS_SECONDS, MOST_BESIDE_BODY, MOST_WAITING, Connection
from tests.server import BACKEND
from tests.sockets import listening

LARGE = 10_000_000  # bytes: more than the operating system holds
ASKING = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
MANY = 20


class Answering:
    """An app that answers with many bytes, at once or in parts, to be read within some time.

    Args:
        parts: In how many parts.
        seconds: How long the answer may take.
        goes_on: Whether that is a stream, of which each part may take as long.
    """

    def __init__(self, parts: int, seconds: float, *, goes_on: bool = False) -> None:
        self._parts, self._seconds, self._goes_on = parts, seconds, goes_on
        self.done = 0

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        scope["state"]["answer_seconds"] = self._seconds
        if self._goes_on:
            scope["state"][GOES_ON] = True
        length = (b"content-length", str(LARGE).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        for part in range(1, self._parts + 1):
            body, more = b"x" * (LARGE // self._parts), part < self._parts
            await send({"type": "http.response.body", "body": body, "more_body": more})
        self.done += 1


async def read_slowly(port: int, asking: bytes, seconds: float) -> None:
    """Reads a few bytes now and then."""
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)  # noqa: FBT003 (it takes no name)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    with client, suppress(ConnectionError):
        while loop.time() < end:
            await loop.sock_sendall(client, asking)  # again and again
            await loop.sock_recv(client, 100)
            await asyncio.sleep(0.2)


class TestSlowReaders:
    @pytest.mark.parametrize("parts", [1, 100])
    @pytest.mark.parametrize(
        "asking",
        [ASKING, ASKING.replace(b"Host", b"Connection: close\r\nHost")],
        ids=["keep", "close"],
    )
    async def test_are_given_up(self, parts: int, asking: bytes) -> None:
        app, state = Answering(parts, 1.0), ServerState()
        async with listening(app, state) as port:
            readers = [asyncio.create_task(read_slowly(port, asking, 3)) for _ in range(MANY)]
            await asyncio.sleep(0.5)
            assert len(state.connections) == MANY
            await asyncio.sleep(2)
            assert not state.connections
            assert app.done >= MANY  # no request waits for ever
            await asyncio.gather(*readers)

    async def test_of_streams_are_given_up_unless_they_catch_up(self) -> None:
        app, state = Answering(100, 1.0, goes_on=True), ServerState()
        async with listening(app, state) as port:
            slow = asyncio.create_task(read_slowly(port, ASKING, 3))
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LARGE // 50)
            writer.write(ASKING)
            for _ in range(30):
                await reader.readexactly(LARGE // 30)
                await asyncio.sleep(0.1)
            assert len(state.connections) == 1
            writer.close()
            await slow

    async def test_of_pages_are_given_up(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "ANSWER_SECONDS", 1.0)
        state = ServerState()
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        async with listening(app, state) as port:
            await asyncio.to_thread(client.connect, ("127.0.0.1", port))
            await until(lambda: bool(state.connections))
            (connection,) = state.connections
            assert isinstance(connection, Connection)
            server = connection.transport.get_extra_info("socket")
            server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            client.sendall(ASKING.replace(b"/ ", b"/signup ", 1) * (MOST_WAITING - 1))
            await until(lambda: connection.flow.write_paused)
            await until(lambda: not state.connections)
        client.close()

    @pytest.mark.parametrize("parts", [1, 100])
    async def test_who_are_in_time_get_all(self, parts: int) -> None:
        async with listening(Answering(parts, 1.0)) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(2):
                writer.write(ASKING)
                await reader.readuntil(b"\r\n\r\n")
                assert len(await reader.readexactly(LARGE)) == LARGE
            await asyncio.sleep(1.5)  # the time is up, but nothing is waited for
            writer.write(ASKING)
            assert await reader.readuntil(b"\r\n\r\n")
            writer.close()


async def until(condition: Callable[[], bool]) -> None:
    """Waits for a condition."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.01)


RESET = struct.pack("ii", 1, 0)
"""The value of SO_LINGER with which `close` sends a reset (socket(7))."""


class TestClosedConnections:
    @pytest.mark.parametrize("resets", [True, False])
    async def test_are_held_by_no_timer(self, *, resets: bool) -> None:
        state = ServerState()
        async with listening(Answering(1, 1.0), state) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            if resets:
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, RESET
                )
            writer.write(ASKING)
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(LARGE)
            (connection,) = map(weakref.ref, state.connections)
            writer.close()
            await until(lambda: not state.connections)
            gc.collect()
            assert connection() is None


class TestSlowHeaders:
    async def test_are_given_up(self, app: FastAPI) -> None:
        whole = b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"
        async with listening(app) as port:
            await asyncio.gather(
                *(
                    send_slowly(port, before, start)
                    for before in (b"", whole)
                    for start in (b"GET /he", b"GET /healthz HTTP/1.1\r\nHost: te")
                )
            )


async def send_slowly(port: int, before: bytes, start: bytes) -> None:
    """Sends the start of a request, perhaps after another, and a byte when it is almost late."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(before)
    if before:
        await reader.readuntil(b"}")
    writer.write(start)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(), HEADERS_SECONDS - 1)
    writer.write(b"s")
    async with asyncio.timeout(3):
        assert await aborted(reader)
    writer.close()


CHUNKED = (
    b"POST /api/v1/users HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
FLOOD = 16 * MOST_BESIDE_BODY


class TestFloods:
    @pytest.mark.parametrize(
        ("start", "more"),
        [
            (b"", b"\r\n"),
            (b"GET /", b"x"),
            (b"GET /healthz HTTP/1.1\r\nHost: test\r\n", b"x: y\r\n"),
            (b"GET /healthz HTTP/1.1\r\nHost: test\r\nX: ", b"x"),
            (CHUNKED + b"1;", b"x"),
            (CHUNKED + b"1\r\n{\r\n0\r\n", b"x: y\r\n"),
            (CHUNKED + b"1\r\n{\r\n0\r\nX: ", b"x"),
            (CHUNKED.replace(b"/api/v1/users", b"/verify-email") + b"1;", b"x"),
        ],
        ids=[
            "empty lines",
            "address",
            "headers",
            "a header",
            "extension of a chunk",
            "trailers",
            "a trailer",
            "page",
        ],
    )
    async def test_beside_a_body_end_the_connection(
        self, app: FastAPI, start: bytes, more: bytes
    ) -> None:
        async with listening(app) as port, asyncio.timeout(HEADERS_SECONDS - 1):
            assert await flooded(port, start, more)

    async def test_of_bodies_do_not(self, app: FastAPI) -> None:
        body = b"x" * 16_000
        request = b"POST /api/v1/users HTTP/1.1\r\nHost: test\r\nContent-Length: 16000\r\n\r\n"
        async with listening(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(2 * MOST_BESIDE_BODY // len(body)):
                writer.write(request + body)
                assert (await reader.readuntil(b"\r\n")).split()[1] == b"422"
                await reader.readuntil(b"\r\n\r\n")
                await reader.readuntil(b"}")
            writer.close()

    @pytest.mark.parametrize(("times", "ends"), [(MOST_WAITING, False), (MOST_WAITING + 2, True)])
    async def test_of_requests_end_the_connection(
        self, app: FastAPI, *, times: int, ends: bool
    ) -> None:
        asking = ASKING.replace(b"/ ", b"/healthz ", 1)
        closing = asking.replace(b"Host", b"Connection: close\r\nHost")
        async with listening(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(asking * (times - 1) + closing)
            answers = (await all_of(reader)).count(b"HTTP/1.1 200 ")
            assert answers < times if ends else answers == times
            writer.close()


async def flooded(port: int, start: bytes, more: bytes) -> bool:
    """Sends a part of a request over and over.

    Returns:
        Whether the connection was aborted.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        writer.write(start)
        for _ in range(FLOOD // len(more) // 10_000):
            writer.write(more * 10_000)
            await writer.drain()
            await asyncio.sleep(0)
        await reader.read()
        writer.write(more)
        await writer.drain()
        return False
    writer.close()
    return True


async def all_of(reader: asyncio.StreamReader) -> bytes:
    """What comes before a connection ends."""
    received = bytearray()
    with suppress(ConnectionError):
        while part := await reader.read(100_000):
            received += part
    return bytes(received)


async def aborted(reader: asyncio.StreamReader) -> bool:
    """Whether a connection ends with no answer."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


def test_the_image_serves_so() -> None:
    assert (BACKEND / "Dockerfile").read_text().count("app.http.protocol:Connection") == 2
