"""Crowds: more is asked for than can be done."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from httpx import Response

from app.api.server import get_application
from app.core.config import Settings
from app.db.models.idempotency_keys import HEADER
from app.http.load_shedding import Share
from app.web.cookies import SESSION
from tests.clients import client_of
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.sessions import make_member
from tests.factories.users import PASSWORD, Actor, Market, change_email, make_user

pytestmark = pytest.mark.committed

QUEUE = 5
CROWD = 30
SHOP = "https://shop.example"
PATIENCE = 20.0  # seconds
Answer = tuple[int, str | None]
"""A status, and when to try again."""


@pytest.fixture
async def small(market: Market) -> AsyncIterator[Market]:
    """A process with a single connection, for which only a few may wait."""
    url = market.app.state.engine.url.render_as_string(hide_password=False)
    settings = Settings(
        environment="development",
        database_url=url,
        pool_size=1,
        pool_queue=QUEUE,
        pool_timeout=PATIENCE,
        cors_origins=[SHOP],
    )
    app = get_application(settings)
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield Market(app, client)


async def ask(small: Market, user: Actor, path: str = "/users/me") -> Answer:
    """How a request is answered."""
    response = await small.client.get(path, headers={"Authorization": f"Bearer {user.token}"})
    return response.status_code, response.headers.get("Retry-After")


@asynccontextmanager
async def crowded(small: Market, user: Actor) -> AsyncIterator[None]:
    """As many wait as may."""
    async with small.app.state.pool.connection():
        crowd = [asyncio.create_task(ask(small, user)) for _ in range(QUEUE)]
        while not small.app.state.pool.is_crowded:  # noqa: ASYNC110 (it soon is)
            await asyncio.sleep(0)
        yield
    await asyncio.gather(*crowd)


class TestACrowd:
    async def test_is_served_as_far_as_it_may_wait_and_the_rest_is_refused_at_once(
        self, small: Market
    ) -> None:
        user = await make_user(small)
        async with small.app.state.pool.connection():
            crowd = [asyncio.create_task(ask(small, user)) for _ in range(CROWD)]
            refused: set[asyncio.Task[Answer]] = set()
            while len(refused) < CROWD - QUEUE:
                waiting = set(crowd) - refused
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                refused |= done
            assert {task.result() for task in refused} == {(503, "1")}
        answers = Counter([await task for task in crowd])
        assert answers == {(200, None): QUEUE, (503, "1"): CROWD - QUEUE}

    async def test_keeps_nobody_from_asking_whether_the_process_lives(self, small: Market) -> None:
        user = await make_user(small)
        async with crowded(small, user):
            assert await ask(small, user) == (503, "1")
            assert (await small.client.get("http://test/healthz")).status_code == 200

    async def test_is_refused_by_the_name_that_a_request_has_brought(self, small: Market) -> None:
        async with crowded(small, await make_user(small)):
            named = {"X-Request-ID": "window-42"}
            response = await small.client.get("/users/me", headers=named)
        assert (response.status_code, response.headers["X-Request-ID"]) == (503, "window-42")

    async def test_is_refused_so_that_pages_of_other_origins_can_read_it(
        self, small: Market
    ) -> None:
        origin = {"Origin": SHOP}
        asking = {**origin, "Access-Control-Request-Method": "GET"}
        async with crowded(small, await make_user(small)):
            response = await small.client.get("/users/me", headers=origin)
            preflight = await small.client.options("/users/me", headers=asking)
        assert (response.status_code, preflight.status_code) == (503, 200)
        for answer in (response, preflight):
            assert answer.headers["Access-Control-Allow-Origin"] == SHOP
        assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]

    async def test_that_is_gone_keeps_nobody_out(self, small: Market) -> None:
        user = await make_user(small)
        answers = await asyncio.gather(*(ask(small, user) for _ in range(CROWD)))
        assert set(answers) == {(200, None), (503, "1")}
        assert await ask(small, user) == (200, None)


class TestACrowdOfPages:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_is_refused_with_a_page(self, small: Market, method: str) -> None:
        browser = Browser(small, **{"Accept-Language": "de", "X-Request-ID": "window-42"})
        shown = await browser.client.get("/imprint")
        async with crowded(small, await make_user(small)):
            response = await browser.client.request(method, "/jobs")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        for name in (
            *("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"),
            *("Cross-Origin-Opener-Policy", "Permissions-Policy", "Content-Language", "Vary"),
            "X-Request-ID",
        ):
            assert response.headers.get_list(name) == shown.headers.get_list(name), name
        page = PageShown(response)
        assert page.attributes["lang"] == "de"
        assert "Gleich wieder da" in page.text
        assert "Anfrage window-42" in page.text
        assert ("Lade die Seite gleich neu" in page.text) == (method == "POST")

    async def test_is_refused_so_that_a_script_can_show_it_over_the_form(
        self, small: Market
    ) -> None:
        browser = Browser(small, **{"Sec-Fetch-Dest": "empty"})
        async with crowded(small, await make_user(small)):
            page = PageShown(await browser.post("/jobs/new"))
        assert "Reload" not in page.text
        assert page.response.text.count(" data-close>Back</a>") == 1

    async def test_is_refused_in_the_chosen_language(self, small: Market) -> None:
        browser = Browser(small)
        await browser.post("/language", language="ar")
        async with crowded(small, await make_user(small)):
            page = await browser.open("/", 503)
        assert (page.attributes["lang"], page.attributes["dir"]) == ("ar", "rtl")

    @pytest.mark.parametrize("path", ["/photos/x.webp", "/jobs", "/sitemap.xml"])
    async def test_is_refused_with_a_problem_if_it_wants_no_page(
        self, small: Market, path: str
    ) -> None:
        async with crowded(small, await make_user(small)):
            response = await Browser(small, Accept="image/webp,*/*").client.get(path)
        assert (response.status_code, response.json()["code"]) == (503, "unavailable")

    async def test_gets_what_needs_no_database(self, small: Market) -> None:
        client = Browser(small).client
        style = next(it for it in (await Browser(small).open("/login")).files if ".css" in it)
        paths = (style, "/robots.txt", "/manifest.webmanifest", "/service-worker.js", "/docs")
        async with crowded(small, await make_user(small)):
            for path in (*paths, "/redoc", "/openapi.json", "/metrics", "/healthz"):
                assert (await client.get(path)).status_code == 200, path

    async def test_of_members_is_refused_and_stays_logged_in(self, small: Market) -> None:
        user = await make_user(small)
        browser = await browser_of(small, user)
        async with crowded(small, user):
            page = await browser.open("/mine", 503)
        assert "Set-Cookie" not in page.response.headers
        assert (await browser.open("/mine")).path == "/mine"


class TestVisitors:
    @pytest.mark.parametrize(
        ("path", "cookie"),
        [
            ("/", None),
            ("/jobs", None),
            ("/people/anna", None),
            ("/sitemap.xml", None),
            (f"/photos/{'a' * 32}.webp", None),
            ("/jobs", "made-up"),
            ("/nowhere", "made-up"),
        ],
    )
    async def test_leave_room_for_members(
        self, small: Market, path: str, cookie: str | None
    ) -> None:
        places = (1 + QUEUE) // 2
        member, visitor = await browser_of(small, await make_user(small)), Browser(small)
        await member.open("/mine")  # from now on, the process knows the cookie
        if cookie:
            visitor.client.cookies.set(SESSION, cookie, "test.local")
        async with small.app.state.pool.connection():
            crowd = [asyncio.create_task(visitor.client.get(path)) for _ in range(CROWD)]
            refused: set[asyncio.Task[Response]] = set()
            while len(refused) < CROWD - places:
                done, _ = await asyncio.wait(
                    set(crowd) - refused, return_when=asyncio.FIRST_COMPLETED
                )
                refused |= done
            own = asyncio.create_task(member.client.get("/mine"))
            await asyncio.sleep(0.1)
        assert (await own).status_code == 200
        assert {task.result().status_code for task in refused} == {503}
        assert 503 not in {(await task).status_code for task in set(crowd) - refused}

    async def test_with_the_cookie_of_a_session_that_has_ended_are_no_members(
        self, small: Market
    ) -> None:
        browser, left = await browser_of(small, await make_user(small)), Browser(small)
        cookie = browser.client.cookies[SESSION]
        await browser.open("/jobs")
        await browser.post("/logout")
        for _ in range(2):
            left.client.cookies.set(SESSION, cookie, "test.local")
            assert (await left.client.get("/mine")).status_code == 303
        small.app.state.strangers = Share(0)
        await left.open("/jobs", 503)

    async def test_hold_no_place_while_their_form_arrives(self, small: Market) -> None:
        places = small.app.state.strangers = Share(1)

        async def form() -> AsyncIterator[bytes]:
            yield b"email="
            with places:
                yield b"anna%40example.com"

        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        sent = await Browser(small).client.post("/reset-link", content=form(), headers=headers)
        assert sent.status_code == 303


class TestStrangers:
    async def test_leave_room_for_members(self, small: Market) -> None:
        places, login = (1 + QUEUE) // 2, {"username": "nobody", "password": PASSWORD}
        user = await make_user(small)
        async with small.app.state.pool.connection():
            strangers = [
                asyncio.create_task(small.client.post("/auth/token", data=login))
                for _ in range(CROWD)
            ]
            refused: set[asyncio.Task[Response]] = set()
            while len(refused) < CROWD - places:
                waiting = set(strangers) - refused
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                refused |= done
            member = asyncio.create_task(ask(small, user))
            await asyncio.sleep(0.1)
        assert await member == (200, None)
        answers = Counter([(await stranger).status_code for stranger in strangers])
        assert answers == {401: places, 503: CROWD - places}

    async def test_share_their_places_however_they_send_a_form(self, small: Market) -> None:
        small.app.state.strangers = Share(0)
        form = b"username=anna&password=a+lighthouse+in+winter"
        for headers in ({}, {"Content-Type": "application/x-www-form-urlencoded"}):
            response = await small.client.post("/auth/token", content=form, headers=headers)
            assert response.status_code == 503


class TestASingleConnection:
    """Whoever has it must not wait for another."""

    async def test_is_enough_to_register_once(self, small: Market) -> None:
        draft = {"email": "anna@example.com", "username": "anna", "password": PASSWORD}
        response = await small.client.post("/users", json=draft, headers={HEADER: "one"})
        assert response.status_code == 201

    async def test_is_enough_to_change_the_address(self, small: Market) -> None:
        member = await make_member(small)
        response = await change_email(member, "new@example.com")
        assert response.status_code == 200

    async def test_is_enough_for_an_export(self, small: Market) -> None:
        assert (await (await make_user(small)).get("/users/me/export")).status_code == 200
