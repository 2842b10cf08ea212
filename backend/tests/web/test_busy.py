"""Pages while the service can't answer: under load, and without its database."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient, Response

from app.core.catalogues import LANGUAGES
from app.web.cookies import LANGUAGE, SESSION
from app.web.pages import ROUTES
from app.web.routing import Access, PageRoute
from tests.factories.browsers import HEADERS, ORIGIN, PageShown
from tests.server import BACKEND
from tests.unreachable import client_without_database
from tests.web.test_answering import concrete

AT_ONCE = 90
WITHOUT_DATABASE = {
    "/appeal",
    "/imprint",
    "/keep-second-factor",
    "/login",
    "/notice",
    "/notice/{reference:uuid}",
    "/offline",
    "/reset-password",
    "/signup",
    "/terms",
    "/unsubscribe/{token}",
    "/verify-email",
}
"""Pages that visitors see without the database."""
UNDER_LOAD = """
import asyncio, sys
from httpx import ASGITransport, AsyncClient
from app.api.server import get_application
from app.core.config import Settings
from app.db.engine import create_engine
from app.postgres.pool import FairPool

async def refusals():
    settings = Settings(
        environment="development", database_url="postgresql://a:b@127.0.0.1/c", market_name="<$id>"
    )
    app = get_application(settings)
    app.state.pool = FairPool(create_engine(settings), size=1, timeout=1, queue=0)
    headers = {"Accept": "text/html", "Accept-Language": "de"}
    async with AsyncClient(
        transport=ASGITransport(app), base_url="https://test", headers=headers
    ) as client:
        for method in ("GET", "POST"):
            print((await client.request(method, "/jobs")).text)

asyncio.run(refusals())
print({"jinja2", "babel", "app.web.router"} & set(sys.modules))
"""


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    """A browser of a service that has lost its database."""
    async with client_without_database() as client:
        client.base_url = ORIGIN
        client.headers.update(HEADERS)
        client.event_hooks = {}  # pages are not in the documentation of the API
        yield client


async def answers(client: AsyncClient, cookie: str | None) -> list[tuple[PageRoute, Response]]:
    """The answers to requests for all pages and forms."""
    places = asyncio.Semaphore(AT_ONCE)
    if cookie:
        client.cookies.set(SESSION, cookie, "test.local")

    async def ask(route: PageRoute) -> tuple[PageRoute, Response]:
        async with places:
            return route, await client.request(route.method, concrete(route.path))

    return await asyncio.gather(*map(ask, ROUTES))


def assert_busy(response: Response) -> None:
    """Asserts that an answer is a page that says when to try again, and forgets no session."""
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    page = PageShown(response)
    assert "The service is busy." in page.text
    assert f"Request {response.headers['X-Request-ID']}" in page.text


class TestAPageWithoutTheDatabase:
    async def test_says_so_to_members(self, client: AsyncClient) -> None:
        for _, response in await answers(client, "of a session"):
            assert_busy(response)

    async def test_says_so_to_visitors(self, client: AsyncClient) -> None:
        shown = set()
        for route, response in await answers(client, None):
            if route.access is not Access.VISITORS:
                assert response.status_code in {303, 401}, route
            elif response.status_code == 503:
                assert_busy(response)
            elif route.method == "GET":
                shown.add(route.path)
        assert shown == WITHOUT_DATABASE

    async def test_says_so_at_an_unknown_address(self, client: AsyncClient) -> None:
        assert (await client.get("/nowhere")).status_code == 404
        client.cookies.set(SESSION, "of a session", "test.local")
        assert_busy(await client.get("/nowhere"))

    async def test_says_so_in_the_language_of_its_reader(self, client: AsyncClient) -> None:
        asked = [{"Cookie": f"{LANGUAGE}={it}", "Accept-Language": "en"} for it in LANGUAGES]
        for language, response in zip(
            LANGUAGES,
            await asyncio.gather(*(client.get("/jobs", headers=headers) for headers in asked)),
            strict=True,
        ):
            assert PageShown(response).attributes["lang"] == language
            assert response.headers["Content-Language"] == language
            assert ("The service is busy." in response.text) == (language == "en")


def test_a_refusal_under_load_imports_nothing_that_other_pages_need() -> None:
    shown = subprocess.run(  # noqa: S603 (a command of our own)
        [sys.executable, "-c", UNDER_LOAD], cwd=BACKEND, capture_output=True, text=True, check=True
    ).stdout
    assert shown.endswith("\nset()\n")
    assert shown.count("<h1>Gleich wieder da</h1>") == 2
    assert shown.count('href="/">&lt;$id&gt;</a>') == 2
