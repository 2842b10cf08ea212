"""Pages of requests that are refused before a page is found: malformed ones, and other hosts."""

from functools import cache

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.api.server import get_application
from app.core.config import Settings
from app.web.cookies import LANGUAGE
from tests.factories.browsers import HEADERS, ORIGIN, PageShown
from tests.unreachable import client_without_database

LONG = f"/jobs?q={'a' * 9000}"
COOKIES = {"Cookie": f"a={'b' * 33_000}"}
STEPS = {
    414: "The address is too long. Use fewer words or filters.",
    431: "Your browser has sent too many cookies. Delete the cookies of this site, and try again.",
    400: "This address is not one of the market. Check the address.",
}


@cache
def service() -> FastAPI:
    """A service that has not even a database."""
    return get_application(
        Settings(
            environment="development",
            allowed_hosts=["market.example"],
            market_name="<$id>",
            database_url="postgresql://anna:secret@127.0.0.1/nowhere",
        )
    )


async def asked(path: str, *, host: str = "market.example", **headers: str) -> Response:
    """The response to a browser."""
    transport = ASGITransport(service())
    async with AsyncClient(transport=transport, base_url=f"https://{host}") as client:
        return await client.get(path, headers=HEADERS | headers)


REFUSED = pytest.mark.parametrize(
    ("status", "path", "options"),
    [(414, LONG, {}), (431, "/jobs", COOKIES), (400, "/jobs", {"host": "evil.example"})],
)


class TestARefusal:
    @REFUSED
    async def test_is_a_page_with_the_next_step(
        self, status: int, path: str, options: dict[str, str]
    ) -> None:
        response = await asked(path, **options)
        assert response.status_code == status
        assert response.headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        page = PageShown(response)
        assert STEPS[status] in page.text
        assert f"Request {response.headers['X-Request-ID']}" in page.text
        assert "<$id>" in page.text

    @REFUSED
    async def test_is_a_problem_for_programs_and_of_the_api(
        self, status: int, path: str, options: dict[str, str]
    ) -> None:
        for response in (
            await asked(path, **options, Accept="*/*"),
            await asked(f"/api/v1{path}", **options),
        ):
            assert response.status_code == status
            assert response.headers["Content-Type"] == "application/problem+json"

    async def test_is_in_the_language_of_its_reader(self) -> None:
        for headers in ({"Accept-Language": "de"}, {"Cookie": f"{LANGUAGE}=de"}):
            page = PageShown(await asked(LONG, **headers))
            assert page.attributes["lang"] == "de"
            assert page.response.headers["Content-Language"] == "de"
            assert "The address" not in page.text

    async def test_has_a_way_back_where_a_script_shows_it_over_a_page(self) -> None:
        response = await asked(LONG, **{"Sec-Fetch-Dest": "empty"})
        assert "data-close>Back</a>" in response.text
        assert PageShown(response).ids == ["main", "busy"]

    async def test_of_the_service_itself_says_the_reason(self) -> None:
        async with client_without_database() as client:
            client.event_hooks = {}  # a page is not in the documentation of the API
            page = PageShown(await client.get(f"{ORIGIN}/readyz", headers=HEADERS))
        assert page.status == 503
        assert "The database is unreachable" in page.text
