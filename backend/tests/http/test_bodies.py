"""Bodies of requests: how large they may be, in which format, and what they may not do."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import Response
from starlette.types import Message, Scope

from app.core.errors import BodyTooSlow
from app.core.security.api_keys import new_api_key
from app.core.security.keys import Keyring
from app.core.security.tokens import AccessTokens, Bearer
from app.http.bodies import LINGER_SIZE, BodyLimit, read_body
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Actor, Market, make_user
from tests.operations import OPERATIONS, Operation
from tests.sockets import listening

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DRAFT = '{"name": "Oven scrub", "price": "50.00"}'
LIMIT, OF_STRANGERS = 128 * 1024, 16 * 1024
CHUNK = 100_000


@pytest.fixture
async def user(market: Market) -> Actor:
    return await make_user(market)


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    async with listening(app) as port:
        yield port


async def post(user: Actor, content: str, kind: str | None = "application/json") -> Response:
    """Posts a job."""
    headers = {"Content-Type": kind} if kind else {}
    return await user.request("POST", "/cleanings", content=content, headers=headers)


class TestLargeBodies:
    async def test_are_read_up_to_a_limit(self, user: Actor) -> None:
        assert (await post(user, DRAFT.ljust(LIMIT))).status_code == 201

    async def test_are_refused_by_what_is_said_of_them(self, user: Actor) -> None:
        response = await post(user, DRAFT.ljust(LIMIT + 1))
        assert response.status_code == 413
        assert response.json()["code"] == "content_too_large"

    async def test_are_refused_while_they_are_read(self, user: Actor) -> None:
        read = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal read
            while True:
                read += CHUNK
                yield b" " * CHUNK

        response = await user.request("POST", "/cleanings", content=endless(), headers=JSON)
        assert response.status_code == 413
        assert response.headers["Connection"] == "close"
        assert read <= LIMIT + LINGER_SIZE + 2 * CHUNK

    @pytest.mark.parametrize(("size", "status"), [(OF_STRANGERS, 422), (OF_STRANGERS + 1, 413)])
    async def test_are_smaller_where_no_login_is_needed(
        self, market: Market, size: int, status: int
    ) -> None:
        content = "username=nobody&password=".ljust(size, "x")
        response = await market.client.post("/auth/token", content=content, headers=FORM)
        assert response.status_code == status


class TestFormats:
    @pytest.mark.parametrize(
        "kind", ["application/json", "Application/JSON; charset=utf-8", "application/merge+json"]
    )
    async def test_of_json_are_taken(self, user: Actor, kind: str) -> None:
        assert (await post(user, DRAFT, kind)).status_code == 201

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json", ""]
    )
    async def test_of_others_are_refused(self, user: Actor, kind: str) -> None:
        response = await post(user, DRAFT, kind or "application/")
        assert response.status_code == 415
        assert response.json()["code"] == "unsupported_media_type"

    async def test_of_json_are_refused_where_a_form_is_wanted(self, market: Market) -> None:
        response = await market.client.post("/auth/token", json={"username": "anna"})
        assert response.status_code == 415

    async def test_of_files_are_refused(self, user: Actor) -> None:
        files = {"file": ("jobs.json", DRAFT, "application/json")}
        for path in ("/cleanings", "/auth/token"):
            response = await user.request("POST", path, files=files)
            assert response.status_code == 415

    async def test_of_nothing_are_all_the_same(self, market: Market, user: Actor) -> None:
        job = await make_cleaning(market)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = await user.request("POST", f"{job.path}/offers", content="", headers=headers)
        assert response.status_code == 201


@pytest.mark.usefixtures("way")
class TestStrangeBodies:
    @pytest.mark.parametrize(
        "content",
        [
            '{"name": "Oven scrub", "price": "50.00", "price": "1.00"}',
            '{"name": "Oven scrub", "price": {"price": 1, "price": 2}}',
        ],
    )
    async def test_that_say_two_things_are_refused(self, user: Actor, content: str) -> None:
        response = await post(user, content)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["field"], error["message"]) == ("price", "It is given twice.")

    async def test_that_say_two_things_are_refused_in_every_json_format(self, user: Actor) -> None:
        response = await post(user, '{"price": 1, "price": 2}', "application/merge+json")
        assert response.status_code == 422
        assert response.json()["errors"][0]["message"] == "It is given twice."

    async def test_are_refused_like_queries_that_say_two_things(self, user: Actor) -> None:
        response = await user.get("/cleanings?limit=1&limit=5")
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("query", "limit")
        assert error["message"] == "It is given twice."

    @pytest.mark.parametrize(
        ("content", "twice"),
        [
            ("username=anna&username=ben&password=x", "username"),
            ("username=anna&password=x&pass%77ord=x", "password"),
            ("username=anna&password=x&otp=&otp=123456", "otp"),
            ("username=anna&password=x&scope=a&scope=b", "scope"),
        ],
    )
    async def test_are_refused_like_forms_that_say_two_things(
        self, market: Market, content: str, twice: str
    ) -> None:
        response = await market.client.post("/auth/token", content=content, headers=FORM)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("body", twice)
        assert error["message"] == "It is given twice."

    async def test_with_a_name_that_is_no_text_are_refused(self, user: Actor) -> None:
        response = await post(user, r'{"\ud800": 1, "\ud800": 2}')
        assert response.status_code == 422

    async def test_with_very_many_fields_are_refused(self, user: Actor) -> None:
        fields = ", ".join(f'"field{n}": {n}' for n in range(5_000))
        response = await post(user, f"{{{fields}}}")
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 1

    async def test_with_very_many_parameters_are_refused(self, market: Market) -> None:
        form = {f"parameter{n}": "x" for n in range(1_000)}
        response = await market.client.post("/auth/token", data=form)
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 1

    async def test_with_very_many_items_are_refused(self, user: Actor) -> None:
        content = f'{{"name": [{", ".join("1" * 101)}]}}'
        response = await post(user, content)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["field"], error["message"]) == ("name", "It has too many items.")

    async def test_with_more_items_than_a_list_takes_are_refused(self, user: Actor) -> None:
        draft = {"name": "Calendar", "scopes": ["x"] * 100}
        response = await user.post("/users/me/api-keys", draft)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["field"], error["code"]) == ("scopes", "too_long")

    async def test_with_a_number_of_very_many_digits_are_refused(self, user: Actor) -> None:
        response = await post(user, f'{{"price": {"9" * 5000}}}')
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["message"] == "It has a number with too many digits."

    async def test_are_refused_like_queries_with_very_many_parameters(self, user: Actor) -> None:
        query = "&".join(f"{n}=1" for n in range(101))
        response = await user.get(f"/cleanings?{query}")
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["message"]) == ("query", "It has too many parameters.")

    async def test_are_not_repeated_at_length(self, user: Actor) -> None:
        response = await post(user, f'{{"{"x" * 100_000}": 1}}')
        assert response.status_code == 422
        assert len(response.content) < 2_000

    async def test_are_not_complained_of_at_length(self, user: Actor) -> None:
        fields = ", ".join(f'"field{n}": {n}' for n in range(99))
        response = await post(user, f"{{{fields}}}")
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 20

    @pytest.mark.parametrize("depth", [11, 900, 5_000])
    @pytest.mark.parametrize("pair", ["[]", ('{"starts_at":', "}")])
    async def test_that_are_deep_are_refused(
        self, user: Actor, pair: tuple[str, str], depth: int
    ) -> None:
        begin, end = pair
        response = await post(user, begin * depth + "1" + end * depth)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["message"] == "It is nested too deeply."


@pytest.mark.committed
class TestSlowBodies:
    async def test_are_given_up(self) -> None:
        started = asyncio.get_running_loop().time()
        with pytest.raises(BodyTooSlow):
            await read_body(scope_of(), drip, BodyLimit(1000, 0.2))
        assert asyncio.get_running_loop().time() - started < 1

    async def test_are_given_up_wherever_they_go(self, port: int, user: Actor) -> None:
        token = f"Authorization: Bearer {user.token}\r\n".encode()
        slow = [
            (b"POST /api/v1/users HTTP/1.1\r\n", b"", 10),
            (b"POST /api/v1/cleanings HTTP/1.1\r\n", token, 100_000),
        ]
        answers = await asyncio.gather(*(trickle(port, *request) for request in slow))
        for answer, seconds in answers:
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"\r\nconnection: close\r\n" in answer
            assert b'"code":"body_too_slow"' in answer
            assert 10 <= seconds < 15


async def drip() -> Message:
    """Receives a byte now and then."""
    await asyncio.sleep(0.05)
    return {"type": "http.request", "body": b"x", "more_body": True}


def scope_of(*headers: tuple[bytes, bytes]) -> Scope:
    """A request with these headers."""
    return {"type": "http", "headers": headers}


async def trickle(port: int, start: bytes, headers: bytes, size: int) -> tuple[bytes, float]:
    """Sends a body byte by byte, until there is an answer and the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = asyncio.get_running_loop().time()
    length = f"Content-Length: {size}\r\nContent-Type: application/json\r\n\r\n".encode()
    writer.write(start + b"Host: test\r\n" + headers + length)
    answer = asyncio.create_task(reader.read())
    while not answer.done() and asyncio.get_running_loop().time() < started + 20:
        writer.write(b" ")
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
