"""Problems: how the service says that it can't do what it is asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.api.server import get_application
from app.core.config import Settings
from app.core.security.keys import Keyring
from app.core.security.tokens import AccessTokens, Bearer
from app.http.problems import MEDIA_TYPE
from tests.factories.users import Market, make_user
from tests.operations import OPERATIONS
from tests.unreachable import client_without_database

SHOP = "https://shop.example"


class TestUnknownPaths:
    @pytest.mark.parametrize(
        "path", ["/nothing", "/cleanings/", "/users/me/", "", "/a%20b", "/%00", "/%C3%A9"]
    )
    async def test_are_not_found(self, client: AsyncClient, path: str) -> None:
        response = await client.get(path)
        assert response.status_code == 404
        problem = response.json()
        assert problem["type"] == "urn:problem:not_found"
        assert problem["title"] == "Not found"
        assert problem["code"] == "not_found"
        assert problem["instance"] == response.request.url.raw_path.decode()
        assert "errors" not in problem


class TestWrongMethods:
    @pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
    async def test_are_answered_with_those_that_are_right(
        self, client: AsyncClient, path: str
    ) -> None:
        response = await client.request("BREW", f"http://test{path}")
        assert response.status_code == 405
        assert response.json()["code"] == "method_not_allowed"
        right = {operation.method for operation in OPERATIONS if operation.path == path}
        if "GET" in right:
            right.add("HEAD")
        assert set(response.headers["Allow"].split(", ")) == right

    @pytest.mark.parametrize("path", ["/healthz", "/docs", "/api/v1/users/me"])
    async def test_that_would_repeat_the_request_are_wrong_too(
        self, client: AsyncClient, path: str
    ) -> None:
        response = await client.request("TRACE", f"http://test{path}", headers={"X-Secret": "?!"})
        assert response.status_code == 405
        assert "?!" not in response.text


class TestProblems:
    async def test_say_what_was_asked_for(self, market: Market) -> None:
        path = f"/cleanings/{uuid4()}"
        response = await (await make_user(market)).get(path, params={"x": "y"})
        assert response.json()["instance"] == f"/api/v1{path}"

    async def test_say_which_field_is_wrong_and_why(self, market: Market) -> None:
        user = await make_user(market)
        response = await user.post("/cleanings", {"name": "", "price": 0})
        assert response.json()["errors"] == [
            {
                "location": "body",
                "field": "name",
                "message": "Must not be empty.",
                "code": "string_too_short",
            },
            {
                "location": "body",
                "field": "price",
                "message": "Must be greater than 0.",
                "code": "greater_than",
            },
        ]

    async def test_say_where_json_is_broken(self, market: Market) -> None:
        headers = {"Content-Type": "application/json"}
        user = await make_user(market)
        response = await user.request("POST", "/cleanings", content='{"name"', headers=headers)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["location"] == "body"
        assert error["code"] == "json_invalid"

    async def test_repeat_no_input(self, market: Market) -> None:
        secret = "correct horse battery staple"
        response = await market.client.post("/users", json={"password": [secret], secret: 1})
        assert response.status_code == 422
        assert response.text.count(secret) == 1  # as the name of the field that is not known


class TestRequestIds:
    @pytest.mark.parametrize("given", ["a", "0af7651916cd43dd8448eb211c80319c", "A.b_c-" * 21])
    async def test_are_taken_over(self, client: AsyncClient, given: str) -> None:
        response = await client.get("/nothing", headers={"X-Request-ID": given})
        assert response.headers["X-Request-ID"] == given
        assert response.json()["request_id"] == given

    @pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\tb", "a;b", "<b>", "é"])
    async def test_are_replaced_when_malformed(self, client: AsyncClient, given: str) -> None:
        headers = {b"X-Request-ID": given.encode()}
        response = await client.get("/nothing", headers=headers)
        assert len(response.headers["X-Request-ID"]) == 32

    async def test_differ(self, client: AsyncClient) -> None:
        responses = [await client.get("http://test/healthz") for _ in range(3)]
        assert len({response.headers["X-Request-ID"] for response in responses}) == 3


class TestFaultsOfOurOwn:
    """What nobody foresaw: here, that a table is gone."""

    @pytest.fixture
    async def response(self, app: FastAPI, market: Market) -> Response:
        user = await make_user(market)
        async with app.state.database.write() as transaction:
            await transaction.fetch("RESET ROLE", ())  # the service itself may not do this
            await transaction.fetch("ALTER TABLE bookings RENAME TO lost", ())
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
            headers = {"Authorization": f"Bearer {user.token}", "X-Request-ID": "given"}
            return await client.get("/bookings", headers=headers)

    async def test_are_problems(self, response: Response) -> None:
        assert response.status_code == 500
        assert response.headers["Content-Type"] == MEDIA_TYPE
        assert response.headers["X-Request-ID"] == "given"

    async def test_tell_browsers_to_be_careful(self, response: Response) -> None:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"

    async def test_are_not_explained(self, response: Response) -> None:
        assert response.json() == {
            "type": "urn:problem:internal_error",
            "title": "Internal error",
            "status": 500,
            "detail": "An internal error occurred.",
            "instance": "/api/v1/bookings",
            "code": "internal_error",
            "request_id": "given",
        }


class TestAnUnreachableDatabase:
    @pytest.fixture
    async def stranded(self) -> AsyncIterator[AsyncClient]:
        secret = Settings(environment="development").secret_key.get_secret_value()
        token = AccessTokens(Keyring(secret), timedelta(minutes=1)).issue(Bearer(uuid4(), uuid4()))
        async with client_without_database() as client:
            client.headers["Authorization"] = f"Bearer {token}"
            yield client

    def check(self, response: Response) -> None:
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert response.json()["code"] == "unavailable"
        assert "127.0.0.1" not in response.text

    async def test_when_reading(self, stranded: AsyncClient) -> None:
        self.check(await stranded.get("/cleanings"))

    async def test_when_writing(self, stranded: AsyncClient) -> None:
        self.check(await stranded.post("/cleanings", json={"name": "Windows", "price": 1}))

    async def test_when_logging_in(self, stranded: AsyncClient) -> None:
        form = {"username": "anna", "password": "a lighthouse"}
        self.check(await stranded.post("/auth/token", data=form))

    async def test_when_registering(self, stranded: AsyncClient) -> None:
        draft = {"email": "a@example.com", "username": "anna", "password": "a lighthouse"}
        self.check(await stranded.post("/users", json=draft))


class TestOrigins:
    @pytest.fixture
    async def browser(self) -> AsyncIterator[AsyncClient]:
        app = get_application(Settings(environment="development", cors_origins=[SHOP]))
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            yield client

    async def test_that_are_configured(self, browser: AsyncClient) -> None:
        response = await browser.get("/healthz", headers={"Origin": SHOP})
        assert response.headers["Access-Control-Allow-Origin"] == SHOP
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert set(response.headers["Access-Control-Expose-Headers"].split(", ")) == {
            *(
                "ETag",
                "Location",
                "Retry-After",
                "RateLimit",
                "RateLimit-Policy",
                "X-Request-ID",
                "X-Trace-ID",
                "Idempotency-Replayed",
            )
        }
        assert response.headers["Vary"] == "Origin"

    @pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
    async def test_that_are_configured_may_do_everything(
        self, browser: AsyncClient, method: str
    ) -> None:
        headers = {
            "Origin": SHOP,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type,if-match,idempotency-key",
        }
        response = await browser.options("/api/v1/users/me", headers=headers)
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == SHOP
        assert method in response.headers["Access-Control-Allow-Methods"]
        for name in ("authorization", "content-type", "if-match", "idempotency-key"):
            assert name in response.headers["Access-Control-Allow-Headers"].lower()

    @pytest.mark.parametrize("origin", ["https://evil.example", f"{SHOP}.evil.example", "null"])
    @pytest.mark.parametrize("method", ["GET", "OPTIONS"])
    async def test_that_are_not(self, browser: AsyncClient, origin: str, method: str) -> None:
        headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        response = await browser.request(method, "/healthz", headers=headers)
        assert "Access-Control-Allow-Origin" not in response.headers

    async def test_that_are_configured_see_faults_of_our_own(self) -> None:
        app = get_application(Settings(environment="development", cors_origins=[SHOP]))

        @app.get("/broken")
        async def broken() -> None:
            raise ZeroDivisionError

        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            response = await client.get("/broken", headers={"Origin": SHOP})
        assert response.status_code == 500
        assert response.headers["Access-Control-Allow-Origin"] == SHOP

    @pytest.mark.parametrize(
        ("path", "headers", "status"),
        [
            ("/healthz", {"Host": "evil.example"}, 400),
            ("/nowhere?" + "q" * 9000, {}, 414),
            ("/nowhere", {"X-Large": "x" * 33_000}, 431),
            ("/api/v1/users/me", {}, 401),
            ("/api/v1/nowhere", {}, 404),
        ],
    )
    async def test_that_are_configured_see_every_refusal(
        self, path: str, headers: dict[str, str], status: int
    ) -> None:
        settings = Settings(environment="development", cors_origins=[SHOP], allowed_hosts=["test"])
        transport = ASGITransport(get_application(settings))
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            response = await client.get(path, headers={**headers, "Origin": SHOP})
        assert response.status_code == status
        assert response.headers["Access-Control-Allow-Origin"] == SHOP

    async def test_are_none_by_default(self, client: AsyncClient) -> None:
        response = await client.get("http://test/healthz", headers={"Origin": SHOP})
        assert "Access-Control-Allow-Origin" not in response.headers
