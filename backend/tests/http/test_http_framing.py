"""Where one HTTP message ends and the next begins: the server and its proxy must not disagree."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.sockets import listening

HOST = b"Host: test\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
TWO_ENDS = [
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"Content-Length: 0\r\n Transfer-Encoding: chunked\r\n\r\n",
    b"Content-Length: +0\r\n\r\n",
    b"Content-Length: -1\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
]


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    async with listening(app) as port:
        yield port


async def send(port: int, content: bytes) -> list[int]:
    """The statuses of all that is answered until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(content)
    async with asyncio.timeout(5):
        answers = (await reader.read()).split(b"HTTP/1.1 ")[1:]
    writer.close()
    return [int(answer[:3]) for answer in answers]


class TestRequests:
    @pytest.mark.parametrize(
        "rest",
        [b"\r\n", b"Content-Length: 2\r\n\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    )
    async def test_follow_each_other_on_one_connection(self, port: int, rest: bytes) -> None:
        assert await send(port, b"GET /healthz HTTP/1.1\r\n" + HOST + rest + NEXT) == [200, 200]

    @pytest.mark.parametrize("rest", TWO_ENDS)
    async def test_that_may_end_in_two_places_are_refused_with_all_that_follows(
        self, port: int, rest: bytes
    ) -> None:
        statuses = await send(port, b"POST /api/v1/users HTTP/1.1\r\n" + HOST + rest + NEXT)
        assert statuses[-1] == 400
        assert 200 not in statuses

    async def test_stay_requests_where_a_websocket_is_wanted(self, port: int) -> None:
        wanted = (
            b"Upgrade: websocket\r\nConnection: Upgrade, close\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        (status,) = await send(port, b"GET /api/v1/feed/cleanings HTTP/1.1\r\n" + HOST + wanted)
        assert status in {401, 403}
