"""Request bodies that arrive slowly, or are never read."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.types import Message, Scope

from app.core.errors import BodyTooSlow
from app.core.security.api_keys import new_api_key
from app.core.security.keys import Keyring
from app.core.security.tokens import AccessTokens, Bearer
from app.http.bodies import BodyLimit, read_body
from app.web.cookies import SESSION
from tests.factories.browsers import browser_of
from tests.factories.users import Actor, Market, make_user
from tests.operations import OPERATIONS, Operation
from tests.sockets import listening

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def user(market: Market) -> Actor:
    return await make_user(market)


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    async with listening(app) as port:
        yield port


@pytest.mark.committed
class TestSlowBodies:
    async def test_are_given_up(self) -> None:
        started = asyncio.get_running_loop().time()
        with pytest.raises(BodyTooSlow):
            await read_body(scope_of(), drip, BodyLimit(1000, 0.2))
        assert asyncio.get_running_loop().time() - started < 1

    async def test_are_given_up_wherever_they_go(
        self, port: int, market: Market, user: Actor
    ) -> None:
        token = f"Authorization: Bearer {user.token}\r\n".encode()
        browser = await browser_of(market, user)
        form = b"Sec-Fetch-Site: same-origin\r\nAccept: text/html\r\n"
        cookie = f"Cookie: {SESSION}={browser.client.cookies[SESSION]}\r\n".encode()
        json = b"Content-Type: application/json\r\n"
        files = b"Content-Type: multipart/form-data; boundary=x\r\n"
        problem, page = b'"code":"body_too_slow"', b"Your entries took too long to arrive."
        slow = [
            (problem, b"POST /api/v1/users HTTP/1.1\r\n", json, 10),
            (problem, b"POST /api/v1/cleanings HTTP/1.1\r\n", json + token, 100_000),
            (page, b"POST /login HTTP/1.1\r\n", form, 10),
            (page, b"POST /account/picture HTTP/1.1\r\n", form + files, 100_000),
            (page, b"POST /jobs/new HTTP/1.1\r\n", form + cookie, 100_000),
        ]
        answers = await asyncio.gather(
            *(trickle(port, start, headers, size) for _, start, headers, size in slow)
        )
        for (expected, *_), (answer, seconds) in zip(slow, answers, strict=True):
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"\r\nconnection: close\r\n" in answer
            assert expected in answer
            assert 10 <= seconds < 15


async def drip() -> Message:
    """Receives a byte now and then."""
    await asyncio.sleep(0.05)
    return {"type": "http.request", "body": b"x", "more_body": True}


def scope_of(*headers: tuple[bytes, bytes]) -> Scope:
    """A request with these headers."""
    return {"type": "http", "headers": headers, "state": {}}


async def trickle(port: int, start: bytes, headers: bytes, size: int) -> tuple[bytes, float]:
    """Sends a body byte by byte, until there is an answer and the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = asyncio.get_running_loop().time()
    length = f"Content-Length: {size}\r\n\r\n".encode()
    writer.write(start + b"Host: test\r\n" + headers + length)
    answer = asyncio.create_task(reader.read())
    while not answer.done() and asyncio.get_running_loop().time() < started + 20:
        writer.write(b"\n")
        await asyncio.sleep(2)
    writer.close()
    return await answer, asyncio.get_running_loop().time() - started


class TestUnreadBodies:
    @pytest.mark.parametrize(
        "operation", [operation for operation in OPERATIONS if operation.needs_login], ids=str
    )
    async def test_are_not_waited_for_without_a_good_token(
        self, market: Market, operation: Operation
    ) -> None:
        lent = market.app.state.one_connection.lent
        expired = AccessTokens(market.safeguards.keyring, timedelta(seconds=-1))
        forged = AccessTokens(Keyring("of somebody else"), timedelta(minutes=15))
        bearer = Bearer(uuid4(), uuid4())
        for token in ("", "x", expired.issue(bearer), forged.issue(bearer), f"{new_api_key()}x"):
            response = await market.client.request(
                operation.method,
                operation.url(defaultdict(lambda: "anything")),
                content=never(),
                headers={"Authorization": f"Bearer {token}", **JSON},
            )
            assert response.status_code == 401
            assert response.headers["Connection"] == "close"
        assert market.app.state.one_connection.lent == lent

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "http://test/healthz", 200),
            ("GET", "/users/me", 200),
            ("GET", "/nowhere", 404),
            ("PUT", "/users/me", 405),
        ],
    )
    async def test_are_not_waited_for_where_none_is_taken(
        self, user: Actor, method: str, path: str, status: int
    ) -> None:
        response = await user.request(method, path, content=never())
        assert response.status_code == status
        assert response.headers["Connection"] == "close"

    async def test_that_have_arrived_close_no_connection(self, user: Actor) -> None:
        response = await user.request("GET", "/users/me", content="{}")
        assert "Connection" not in response.headers


async def never() -> AsyncIterator[bytes]:
    """A body that doesn't come."""
    await asyncio.sleep(3600)
    yield b""
