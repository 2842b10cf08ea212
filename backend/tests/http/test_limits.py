"""How large requests may be before their bodies, for which see test_bodies.py."""

import pytest
from httpx import Response

from tests.factories.users import Actor, Market, make_user
from tests.operations import OPERATIONS, Operation

URL, HEADERS = 8 * 1024, 32 * 1024


@pytest.fixture
async def user(market: Market) -> Actor:
    return await make_user(market)


def check(response: Response, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.json()["code"] == code
    assert response.headers["X-Content-Type-Options"] == "nosniff"


class TestAddresses:
    @pytest.mark.parametrize("path", ["/api/v1/cleanings?q=", "/api/v1/", "/docs?", "/"])
    async def test_have_a_limit(self, market: Market, path: str) -> None:
        within = f"http://test{path.ljust(URL, 'a')}"
        response = await market.client.get(within)
        assert response.status_code in (200, 401, 404)
        check(await market.client.get(f"{within}aa"), 414, "uri_too_long")

    async def test_are_measured_as_they_are_written(self, market: Market) -> None:
        response = await market.client.get("/" + "%C3%A9" * (URL // 6))
        check(response, 414, "uri_too_long")


class TestHeaders:
    async def test_have_a_limit(self, user: Actor) -> None:
        within = {f"X-{number}": "a" * 1000 for number in range(31)}
        assert (await user.get("/users/me", headers=within)).status_code == 200
        beyond = within | {"X-31": "a" * 2000}
        check(await user.get("/users/me", headers=beyond), 431, "headers_too_large")

    async def test_have_a_limit_however_many_they_are(self, user: Actor) -> None:
        many = {f"X-{number}": "" for number in range(6000)}
        check(await user.get("/users/me", headers=many), 431, "headers_too_large")

    @pytest.mark.parametrize("size", [1, 100, URL, HEADERS - 1000])
    async def test_with_a_large_token_that_is_no_good(self, market: Market, size: int) -> None:
        headers = {"Authorization": f"Bearer {'a' * size}"}
        check(await market.client.get("/users/me", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_operation_tells_of_them(operation: Operation) -> None:
    assert {"400", "414", "431"} <= operation.details["responses"].keys()
