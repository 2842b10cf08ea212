"""Requests find their endpoints, and endpoints their arguments, just as FastAPI would find them."""

from itertools import chain
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import Message, Scope

from app.api.dependencies.cleanings import get_currency
from app.api.routes import ROUTES
from app.api.server import get_application
from app.core.config import Settings
from app.http.fastpath.dispatcher import Dispatcher, tree_of
from app.http.transactions import PREFIX, TransactionalRoute
from tests.clients import is_dispatcher, without_fast_path
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Actor, Market, make_user

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DRAFT = '{"name": "Oven scrub", "price": 50}'
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"

REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/users/me", {}),
    ("GET", "/users/me/", {}),
    ("GET", "//users/me", {}),
    ("PUT", "/users/me", {}),
    ("GET", "/users/me", {"headers": {"Authorization": "Basic YTpi"}}),
    ("GET", "/users/me", {"headers": {"Authorization": "bearer  "}}),
    ("GET", "/profiles/me", {}),
    ("GET", "/profiles/me/evaluations", {}),
    ("GET", "/profiles/nobody-of-this-name", {}),
    ("GET", "/profiles/me/nothing", {}),
    ("GET", "/admin/users/lookup", {}),
    ("GET", "/profiles/%00", {}),
    ("GET", "/profiles/a%2Fb", {}),
    ("GET", "/cleanings/{job}", {}),
    ("GET", "/cleanings/{job}/", {}),
    ("GET", "/cleanings//offers", {}),
    ("GET", "/cleanings/not-an-id", {}),
    ("GET", "/cleanings/" + UNKNOWN_ID.upper(), {}),
    ("GET", "/cleanings", {"params": {"min_price": "40", "q": "oven", "sort": "price"}}),
    ("GET", "/cleanings?limit=0&sort=dearest&colour=red", {}),
    ("GET", "/cleanings?area=&owner=", {}),
    ("GET", "/feed/cleanings?cursor=made-up", {}),
    ("POST", "/cleanings", {"content": DRAFT, "headers": JSON}),
    ("POST", "/cleanings", {"content": DRAFT, "headers": {"Content-Type": "application/a+json"}}),
    ("POST", "/cleanings", {"content": DRAFT}),
    ("POST", "/cleanings", {"content": "", "headers": JSON}),
    ("POST", "/cleanings", {"content": "null", "headers": JSON}),
    ("POST", "/cleanings", {"content": "[1]", "headers": JSON}),
    ("POST", "/cleanings", {"content": '{"name": "Oven', "headers": JSON}),
    ("POST", "/cleanings", {"content": b'{"name": "\xff"}', "headers": JSON}),
    ("POST", "/cleanings", {"content": '{"price": NaN}', "headers": JSON}),
    ("POST", "/cleanings", {"json": {"name": "", "price": -1, "colour": "red"}}),
    ("PATCH", "/cleanings/{job}", {"json": {"area": "Old Town"}, "headers": {"If-Match": '"7"'}}),
    ("PATCH", "/cleanings/{job}", {"json": {"name": None}}),
    ("PATCH", "/users/me", {"json": {"password": "a lighthouse in summer"}}),
    ("POST", "/cleanings/{job}/offers", {}),
    ("POST", "/cleanings/{job}/cancellation", {"json": {"reason": ""}}),
    ("DELETE", "/cleanings/" + UNKNOWN_ID, {}),
    ("POST", "/auth/token", {"data": {"username": "nobody", "password": "wrong"}}),
    ("POST", "/auth/token", {"data": {"grant_type": "", "username": "nobody", "password": "a"}}),
    ("POST", "/auth/token", {"data": {"grant_type": "token", "username": "a", "otp": "1" * 65}}),
    ("POST", "/auth/token", {"data": {"username": "\0", "password": "\0"}}),
    ("POST", "/auth/token", {"data": {"username": "nobody"}}),
    ("POST", "/auth/token", {"content": "&=&username=%ff&password&", "headers": FORM}),
    ("POST", "/auth/token", {"content": "username=nobody&password=wrong"}),
]

MADE_ANEW = {
    "id",
    "request_id",
    "created_at",
    "updated_at",
    "content-length",  # of moments that are written with more or fewer digits
    "location",
    "x-request-id",
}


async def answer(user: Actor, method: str, path: str, options: dict[str, Any]) -> Any:
    """What a request is answered with, apart from what is made anew each time."""
    response = await user.request(method, path, **options)
    headers = {name: response.headers[name] for name in response.headers.keys() - MADE_ANEW}
    content = response.json() if response.content else {}
    return (
        response.status_code,
        headers,
        {name: content[name] for name in content.keys() - MADE_ANEW},
    )


async def methods_at(market: Market, method: str, path: str) -> tuple[int, str | None]:
    """How a request without a token and a body is answered, and which methods are allowed."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(market.app), base_url="http://test/api/v1"
    ) as client:
        response = await client.request(method, path)
    return response.status_code, response.headers.get("Allow")


def calls(dependant: Dependant) -> list[Any]:
    """An endpoint and all that it depends on."""
    return [dependant.call, *chain.from_iterable(map(calls, dependant.dependencies))]


class TestEachRequest:
    @pytest.mark.parametrize(("method", "path", "options"), REQUESTS)
    async def test_is_answered_as_fastapi_would(
        self, market: Market, method: str, path: str, options: dict[str, Any]
    ) -> None:
        user = await make_user(market)
        job = await make_cleaning(market, user)
        path = path.format(job=job.data["id"])
        with without_fast_path(market.app):
            expected = await answer(user, method, path, options)
        assert await answer(user, method, path, options) == expected


class TestEachPath:
    @pytest.mark.parametrize("path", sorted({path for path, _ in ROUTES}))
    async def test_has_the_same_methods_without_the_fast_path(
        self, market: Market, path: str
    ) -> None:
        requests = [
            (method, path.removeprefix(PREFIX) + suffix)
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
            for suffix in ("", "/", "%0A", "/nothing")
        ]
        expected = [await methods_at(market, *request) for request in requests]
        with without_fast_path(market.app):
            assert [await methods_at(market, *request) for request in requests] == expected


class TestAPage:
    async def test_is_compared_with_no_route_of_the_api(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared = []
        matches = TransactionalRoute.matches

        def compare(route: TransactionalRoute, scope: Scope) -> tuple[Match, Scope]:
            compared.append(route.path)
            return matches(route, scope)

        monkeypatch.setattr(TransactionalRoute, "matches", compare)
        with without_fast_path(market.app):
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(market.app), base_url="http://test"
            ) as client:
                assert (await client.get("/jobs")).status_code == 200
                assert compared == []
                assert (await client.get("/api/v1/users/me")).status_code == 401
                assert compared


class TestTheSetting:
    @pytest.mark.parametrize("fast_path", [True, False])
    def test_decides(self, own_database: Settings, *, fast_path: bool) -> None:
        app = get_application(own_database.model_copy(update={"fast_path": fast_path}))
        assert any(map(is_dispatcher, app.user_middleware)) == fast_path


class TestTheDispatcher:
    async def test_reaches_them_past_fastapi(self, market: Market) -> None:
        reached = []

        async def fastapi(*_: Any) -> None:
            reached.append("FastAPI")

        user = await make_user(market)
        dispatcher = Dispatcher(fastapi, tree_of(ROUTES))

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await dispatcher({**scope, "app": market.app, "state": {}}, receive, send)

        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test/api/v1"
        ) as client:
            headers = {"Authorization": f"Bearer {user.token}"}
            response = await client.get("/users/me", headers=headers)
        assert response.json()["username"] == user.username
        assert reached == []

    @pytest.mark.usefixtures("way")
    async def test_leaves_calls_to_fastapi_while_dependencies_are_overridden(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = await make_user(market)
        monkeypatch.setitem(market.app.dependency_overrides, get_currency, lambda: "CHF")
        response = await user.post("/cleanings", {"name": "Oven scrub", "price": "50.00"})
        assert (response.status_code, response.json()["currency"]) == (201, "CHF")

    async def test_takes_no_other_path_for_one_that_it_knows(self, market: Market) -> None:
        headers = {"Authorization": f"Bearer {(await make_user(market)).token}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(market.app), base_url="http://test/api/v1"
        ) as client:
            assert (await client.get("/users/me", headers=headers)).status_code == 200
            assert (await client.get("/users/me%0A", headers=headers)).status_code == 404

    def test_misses_no_dependency_that_the_app_adds_to_routes(self, market: Market) -> None:
        contexts = iter_route_contexts(market.app.routes)
        called = {
            id(each.original_route): calls(each.dependant)
            for each in contexts
            if isinstance(each.original_route, TransactionalRoute)
        }
        for _, route in ROUTES:
            assert called[id(route)] == calls(route.dependant), route.path

    async def test_bears_it_when_somebody_hangs_up(self, market: Market) -> None:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        user = await make_user(market)
        path = f"/api/v1/cleanings/{uuid4()}/offers"
        await market.app(
            {
                "type": "http",
                "method": "POST",
                "path": path,
                "raw_path": path.encode(),
                "query_string": b"",
                "headers": [(b"authorization", f"Bearer {user.token}".encode())],
            },
            receive,
            send,
        )
        assert sent[0]["status"] < 500
