"""Rules that hold for all pages: origins, repeated forms, errors, headers and languages."""

import re
from typing import Any

import pytest
from starlette.convertors import IntegerConvertor
from starlette.routing import compile_path

from app.http.load_shedding import Share
from app.web.assets import FOLDER, asset_url
from app.web.pages import ROUTES
from tests.factories.browsers import ORIGIN, Browser, PageShown, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Market, make_user

POSTS = sorted(it.path for it in ROUTES if it.method == "POST" and not it.from_anywhere)
PAGES = ("/", "/jobs", "/login", "/verify-email", "/reset-password", "/keep-second-factor")
OF_OTHERS = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
)
ID = "019a0000-0000-7000-8000-000000000000"


def concrete(path: str) -> str:
    """A path with a value for each parameter."""
    _, shape, parameters = compile_path(path)
    numbers = {name for name, it in parameters.items() if isinstance(it, IntegerConvertor)}
    return shape.format(**{name: 1 if name in numbers else ID for name in parameters})


class TestAForm:
    @pytest.mark.parametrize("path", POSTS)
    async def test_of_another_site_is_refused(self, market: Market, path: str) -> None:
        browser = await browser_of(market, await make_user(market))
        for headers in OF_OTHERS:
            response = await browser.client.post(
                concrete(path), headers=headers, data={"name": "x"}
            )
            assert response.status_code == 403
            assert "another site" in PageShown(response).text

    async def test_of_an_old_browser_shows_its_origin(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        del browser.client.headers["Sec-Fetch-Site"]
        fields = {"name": "Windows", "price": "45"}
        response = await browser.client.post("/jobs/new", data=fields)
        assert response.status_code == 403
        browser.client.headers["Origin"] = ORIGIN
        response = await browser.client.post("/jobs/new", data=fields)
        assert response.status_code == 303

    @pytest.mark.parametrize(
        "origin",
        [
            *("http://[", "http://test.example", "http://test/", "http://a@test", "ftp://test"),
            *("", "test", "null", "https://test https://test"),
        ],
    )
    async def test_of_a_program_with_an_origin_of_its_own_is_refused(
        self, market: Market, origin: str
    ) -> None:
        browser = Browser(market, Origin=origin)
        del browser.client.headers["Sec-Fetch-Site"]
        assert (await browser.post("/login")).status_code == 403

    async def test_is_answered_whichever_page_it_says_that_it_is_on(self, market: Market) -> None:
        page = PageShown(await Browser(market, Referer="http://[").post("/login"))
        assert page.status == 422
        assert ("next", "/login") in page.form("/language").fields

    async def test_that_is_sent_twice_takes_effect_once(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        form = await browser.open("/jobs/new")
        pages = [
            await browser.send(form, "/jobs/new", name="Windows", price="45") for _ in range(2)
        ]
        assert pages[0].path == pages[1].path
        assert len(await user.items("/cleanings", owner="me")) == 1

    async def test_that_is_sent_again_with_other_entries_is_shown_again(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        form = await browser.open("/jobs/new")
        await browser.send(form, "/jobs/new", name="Windows", price="45")
        page = await browser.send(form, "/jobs/new", 422, name="Oven", price="45")
        assert "You have sent this form before, with other entries." in page.text
        assert "Idempotency-Key" not in page.text
        await browser.send(page, "/jobs/new")
        names = {job["name"] for job in await user.items("/cleanings", owner="me")}
        assert names == {"Windows", "Oven"}

    async def test_that_is_too_large_or_no_form_is_refused(self, market: Market) -> None:
        client = Browser(market).client
        large = await client.post("/reset-link", data={"email": "x" * 20_000})
        assert large.status_code == 413
        member = await browser_of(market, await make_user(market))
        for size, status in ((100_000, 422), (140_000, 413)):
            assert (await member.post("/jobs/new", name="x" * size)).status_code == status
        for body in (b"\xff\x00=%00&&&", b"{}", b"a=1&" * 1000):
            assert (await client.post("/reset-link", content=body)).status_code == 422

    async def test_that_a_script_sends_is_confirmed_on_the_page_that_it_opens(
        self, market: Market
    ) -> None:
        browser = await browser_of(market, await make_user(market))
        fetching = {"Sec-Fetch-Dest": "empty"}
        path, said = "/account/profile", "Your profile is saved."
        await browser.client.post(path, data={"bio": "x"}, headers=fetching, follow_redirects=True)
        assert said in (await browser.open(path)).text
        assert said not in (await browser.open(path)).text

    async def test_of_a_visitor_leaves_room_for_people_who_are_logged_in(
        self, market: Market
    ) -> None:
        strangers, market.app.state.strangers = market.app.state.strangers, Share(0)
        try:
            response = await Browser(market).post("/reset-link", email="a@example.com")
        finally:
            market.app.state.strangers = strangers
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"


class TestEachPage:
    @pytest.mark.parametrize("path", PAGES)
    async def test_may_load_and_send_to_nothing_but_the_service(
        self, market: Market, path: str
    ) -> None:
        browser = Browser(market)
        page = await browser.open(path)
        headers = page.response.headers
        rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert rules == {
            "default-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "object-src": "'none'",
        }
        assert headers.get_list("Referrer-Policy") == ["same-origin"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<style|<script>|style=| on\w+=", page.response.text)
        for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.response.text):
            response = await browser.client.get(file)
            assert response.status_code == 200
            assert "immutable" in response.headers["Cache-Control"]

    async def test_is_compressed_unless_another_site_asks_for_one_of_a_member(
        self, market: Market
    ) -> None:
        visitor, member = Browser(market), await browser_of(market, await make_user(market))
        for browser, site, encoding in (
            (visitor, "none", "gzip"),
            (visitor, "cross-site", "gzip"),
            (member, "none", "gzip"),
            (member, "same-origin", "gzip"),
            (member, "same-site", None),
            (member, "cross-site", None),
            (member, "", None),
        ):
            response = await browser.client.get("/jobs?q=x", headers={"Sec-Fetch-Site": site})
            assert response.headers.get("Content-Encoding") == encoding, (site, encoding)

    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [
            *(("gzip", "gzip"), ("br, GZIP;q=0.1", "gzip"), ("*", "gzip"), ("", None)),
            *(("gzip;q=0", None), ("gzip; q=0.000, *", None), ("br", None), ("*;q=0", None)),
        ],
    )
    async def test_is_compressed_for_those_who_take_it(
        self, market: Market, accepted: str, encoding: str | None
    ) -> None:
        client = Browser(market, **{"Accept-Encoding": accepted}).client
        for path in ("/jobs", asset_url("app.css")):
            response = await client.get(path)
            assert response.headers.get("Content-Encoding") == encoding, path

    async def test_takes_a_hundred_parameters(self, market: Market) -> None:
        browser = Browser(market)
        for path in ("/jobs", "/nowhere", "/login"):
            query = "&".join(["a=b"] * 100)
            response = await browser.client.get(f"{path}?{query}")
            assert response.status_code in {200, 404}
            page = await browser.open(f"{path}?{query}&a=b", 422)
            assert "Too many parameters." in page.text

    async def test_of_a_person_is_kept_by_none(self, market: Market) -> None:
        browser = Browser(market)
        assert (await browser.open("/jobs")).response.headers["Cache-Control"] == "no-cache"
        browser = await browser_of(market, await make_user(market))
        assert (await browser.open("/jobs")).response.headers["Cache-Control"] == "no-store"

    async def test_shows_texts_of_people_as_text(self, market: Market) -> None:
        name = "<script>alert(1)</script> & <b>"
        await make_cleaning(market, name=name, description=name)
        page = await Browser(market).open("/jobs")
        assert name in page.text
        assert "<script>alert" not in page.response.text

    async def test_has_each_id_once(self, market: Market) -> None:
        await make_cleaning(market)
        for path in PAGES:
            ids = (await Browser(market).open(path)).ids
            assert len(ids) == len(set(ids)), path


class TestAnError:
    async def test_is_a_page_for_people_and_a_problem_for_programs(self, market: Market) -> None:
        browser = Browser(market)
        number = f"/bookings/{ID}/{ID}/checklist/{'9' * 5000}"
        for path in ("/nowhere", f"/jobs/{ID}", "/static/nothing.css", number):
            response = await browser.client.get(path)
            assert response.status_code == 404, path
        page = await browser.open("/nowhere", 404)
        assert page.response.headers["X-Request-ID"] in page.text
        response = await browser.client.get("/nowhere", headers={"Accept": "*/*"})
        assert response.json()["code"] == "not_found"

    async def test_of_a_form_shows_the_id_of_the_request(self, market: Market) -> None:
        member, visitor = await browser_of(market, await make_user(market)), Browser(market)
        for browser, status in ((member, 422), (visitor, 401)):
            page = PageShown(await browser.post("/jobs/new", price="45"))
            assert page.status == status
            assert page.text.count(page.response.headers["X-Request-ID"]) == 1
        assert "Request" not in (await member.open("/jobs/new")).text

    async def test_of_a_wrong_method_says_which_are_right(self, market: Market) -> None:
        response = await Browser(market).client.post("/jobs", data={})
        assert response.status_code == 405
        assert response.headers["Allow"] == "HEAD, GET"


class TestALanguage:
    @pytest.mark.parametrize(
        ("headers", "language"),
        [
            ({}, "en"),
            ({"Accept-Language": "xx, en-US;q=0.5"}, "en"),
            ({"Accept-Language": "garbage;q=x,,;q=2"}, "en"),
        ],
    )
    async def test_is_chosen_by_the_browser(
        self, market: Market, headers: dict[str, Any], language: str
    ) -> None:
        page = await Browser(market, **headers).open("/")
        assert page.attributes["lang"] == language
        assert page.response.headers["Content-Language"] == language
        assert "Accept-Language" in page.response.headers["Vary"]


class TestAScript:
    def test_writes_no_html_runs_no_text_and_keeps_nothing(self) -> None:
        script = (FOLDER / "app.js").read_text()
        for danger in (
            *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "srcdoc"),
            *("eval(", "Function(", "javascript:", "postMessage", "onmessage"),
            *("localStorage", "sessionStorage", "indexedDB", ".cookie", "XMLHttpRequest"),
        ):
            assert danger not in script

    def test_is_short(self) -> None:
        assert len((FOLDER / "app.js").read_text().splitlines()) <= 200
