"""Clients that are slow: how long a connection waits for them, without any proxy in front."""

import asyncio
import socket
from contextlib import suppress

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.api.connections import HEADERS_SECONDS
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
    """

    def __init__(self, parts: int, seconds: float) -> None:
        self._parts, self._seconds = parts, seconds
        self.done = 0

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        scope["state"]["answer_seconds"] = self._seconds
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


async def aborted(reader: asyncio.StreamReader) -> bool:
    """Whether a connection ends with no answer."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


def test_the_image_serves_so() -> None:
    assert (BACKEND / "Dockerfile").read_text().count("app.api.connections:Connection") == 2
