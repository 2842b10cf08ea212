"""What search engines and installed pages read."""

import json
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from app.core.config import Settings
from app.web import discovery
from app.web.discovery import LISTS, Discovery
from app.web.pages import ROUTES
from app.web.routing import Access
from app.web.sites import Site
from tests.factories.browsers import Browser
from tests.factories.cleanings import make_cleaning
from tests.factories.packages import make_package
from tests.factories.users import Market

ORIGIN = "http://127.0.0.1:8000"  # the setting PUBLIC_URL in development
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


class TestTheSitemap:
    async def test_has_what_visitors_may_see(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(discovery, "KEPT_FOR", 0)
        job, hidden = await make_cleaning(market), await make_cleaning(market)
        await hidden.owner.delete(hidden.path)
        package = await make_package(market)
        response = await Browser(market).client.get("/sitemap.xml")
        found = {it.text for it in ET.fromstring(response.text).iter(LOCATION)}  # noqa: S314 (ours)
        assert found == {
            f"{ORIGIN}/",
            f"{ORIGIN}/jobs",
            f"{ORIGIN}/packages",
            f"{ORIGIN}/categories",
            f"{ORIGIN}/jobs/{job.path.rpartition('/')[2]}",
            f"{ORIGIN}/packages/{package.path.rpartition('/')[2]}",
        }

    async def test_names_the_market_as_each_request_does_unless_its_address_is_set(
        self, market: Market
    ) -> None:
        settings = Settings(environment="development").model_copy(update={"public_url": ""})
        app = Starlette(routes=Discovery(Site(settings, {})).routes)
        app.state = market.app.state
        async with AsyncClient(transport=ASGITransport(app)) as client:
            for address in ("http://one.example", "https://two.example"):
                text = (await client.get(f"{address}/sitemap.xml")).text
                assert f"<loc>{address}/jobs</loc>" in text
                assert text.count(".example/") == text.count(f"{address}/")

    async def test_is_named_in_the_rules_for_search_engines(self, market: Market) -> None:
        text = (await Browser(market).client.get("/robots.txt")).text
        assert f"Sitemap: {ORIGIN}/sitemap.xml" in text

    async def test_has_no_page_that_the_rules_keep_search_engines_from(
        self, market: Market
    ) -> None:
        rules = RobotFileParser()
        rules.parse((await Browser(market).client.get("/robots.txt")).text.splitlines())
        shown = [it for it in ROUTES if it.method == "GET"]
        beginnings = {
            is_open: {
                it.path.partition("{")[0]
                for it in shown
                if (it.access is Access.VISITORS) is is_open
            }
            for is_open in (True, False)
        }
        private = beginnings[False] - beginnings[True]
        assert {it for it in private if rules.can_fetch("*", it)} == set()
        assert all(rules.can_fetch("*", it) for it in (*LISTS, "/jobs/1", "/people/anna"))


class TestInstalling:
    async def test_names_icons_that_exist(self, market: Market) -> None:
        client = Browser(market).client
        manifest = (await client.get("/manifest.webmanifest")).json()
        assert (await client.get(manifest["start_url"])).status_code == 200
        for icon in manifest["icons"]:
            assert (await client.get(icon["src"])).status_code == 200

    async def test_keeps_assets_only(self, market: Market) -> None:
        client = Browser(market).client
        response = await client.get("/service-worker.js")
        script, headers = response.text, response.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self';")
        kept = script.splitlines()[0].removeprefix("const KEPT = ").removesuffix(";")
        for address in [*json.loads(kept), "/offline"]:
            assert (await client.get(address)).status_code == 200
