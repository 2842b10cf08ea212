"""API keys on pages."""

import re
from dataclasses import replace
from typing import Any

from tests.factories.api_keys import make_api_key
from tests.factories.browsers import Browser, browser_of
from tests.factories.sessions import let_logins_age
from tests.factories.users import Market, make_user

OWN, NEW = "/account/keys", "/account/keys/new"


class TestMakingAKey:
    async def test_needs_a_recent_login(self, market: Market) -> None:
        assert (await Browser(market).open(NEW)).path.startswith("/login?next=")
        browser = await browser_of(market, await make_user(market))
        await let_logins_age(market)
        assert (await browser.open(NEW)).path.startswith("/confirm?next=")

    async def test_shows_it_once(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.open(OWN)
        assert "No keys" in page.text
        assert NEW in page.links
        form = await browser.open(NEW)
        draft: dict[str, Any] = {
            "scopes": ["read:cleanings", "read:offers"],
            "expires_in_days": "30",
        }
        page = await browser.send(form, NEW, name="Calendar", **draft)
        found = re.search(r"<code>(cmk_[\w-]+)</code>", page.response.text)
        assert found
        program = replace(user, token=found[1])
        assert (await program.get("/cleanings")).status_code == 200
        assert (await program.get("/profiles/me")).status_code == 403
        page = await browser.send(form, NEW, name="Calendar", **draft)  # a second time
        assert page.path == OWN
        assert found[1] not in page.text
        assert page.text.count("Delete Calendar") == 1
        assert "never used" not in page.text

    async def test_without_permissions_says_what_is_missing(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.send(await browser.open(NEW), NEW, 422, name="Calendar")
        assert set(page.problems) == {"scopes"}
        page = await browser.send(page, NEW, 422, name="", scopes="read:offers")
        assert set(page.problems) == {"name"}
        assert ("scopes", "read:offers") in page.form(NEW).fields


class TestDeletingAKey:
    async def test_ends_it_at_once(self, market: Market) -> None:
        key = await make_api_key(market)
        browser = await browser_of(market, key.owner)
        path = f"{OWN}/{key.data['id']}/deletion"
        page = await browser.send(await browser.open(OWN), path)
        assert "The key is deleted." in page.text
        assert (await key.program.get("/cleanings")).status_code == 401

    async def test_of_another_user(self, market: Market) -> None:
        key = await make_api_key(market)
        browser = await browser_of(market, await make_user(market))
        response = await browser.post(f"{OWN}/{key.data['id']}/deletion")
        assert response.status_code == 404
        assert (await key.program.get("/cleanings")).status_code == 200
