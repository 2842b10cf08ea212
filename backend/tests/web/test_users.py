"""Accounts on pages: registration."""

from typing import Any

import pytest

from tests.factories.browsers import Browser, browser_of
from tests.factories.links import token_in, verifying
from tests.factories.sessions import log_in
from tests.factories.users import PASSWORD, Market, make_user
from tests.mail import deliver

DRAFT: dict[str, Any] = {
    "username": "anna-ark",
    "email": "anna.ark@example.com",
    "password": PASSWORD,
}


class TestSigningUp:
    @pytest.mark.parametrize(
        ("purpose", "there"), [("customer", "/jobs/new"), ("cleaner", "/jobs")]
    )
    async def test_leads_to_what_one_has_come_for(
        self, market: Market, purpose: str, there: str
    ) -> None:
        browser = Browser(market)
        page = await browser.open("/signup")
        page = await browser.send(page, "/signup", purpose=purpose, **DRAFT)
        assert page.path == there
        assert "Your account is ready." in page.text
        assert "anna-ark" in page.text
        assert (await log_in(market, "anna-ark")).status_code == 200

    async def test_leads_to_the_page_that_was_wanted(self, market: Market) -> None:
        browser = Browser(market)
        page = await browser.open("/offers")
        (link,) = (link for link in page.links if link.startswith("/signup"))
        page = await browser.send(await browser.open(link), "/signup", **DRAFT)
        assert page.path == "/offers"

    async def test_leads_to_no_other_site(self, market: Market) -> None:
        response = await Browser(market).post("/signup", next="//evil.example", **DRAFT)
        assert response.headers["Location"] == "/jobs"

    async def test_sends_no_notice_of_the_first_login(self, market: Market) -> None:
        browser = Browser(market)
        await browser.send(await browser.open("/signup"), "/signup", **DRAFT)
        assert await deliver(market) == []

    async def test_asks_for_the_mailed_link_where_addresses_are_verified(
        self, market: Market
    ) -> None:
        browser = Browser(market)
        with verifying(market):
            page = await browser.send(await browser.open("/signup"), "/signup", **DRAFT)
            assert page.path == "/verify-email"
            assert "open the link in the mail" in page.text
            assert "__Host-session" not in browser.client.cookies
            (mail,) = await deliver(market)
            page = await browser.send(page, "/verify-email", token=token_in(mail))
            page = await browser.send(page, "/login", username="anna-ark", password=PASSWORD)
            assert page.path == "/jobs"

    async def test_says_what_is_wrong_beside_the_fields(self, market: Market) -> None:
        browser = Browser(market)
        page = await browser.open("/signup")
        page = await browser.send(
            page, "/signup", 422, purpose="cleaner", username="a", email="x", password="password"
        )
        assert set(page.problems) == {"username", "email", "password"}
        assert ("username", "a") in page.form("/signup").fields
        assert ("purpose", "cleaner") in page.form("/signup").fields
        page = await browser.send(page, "/signup", 422, **DRAFT | {"password": "anna-ark"})
        assert set(page.problems) == {"password"}
        assert "anna-ark" not in dict(page.form("/signup").fields).get("password", "")

    @pytest.mark.parametrize("taken", ["username", "email"])
    async def test_with_a_taken_name_says_so_beside_it(self, market: Market, taken: str) -> None:
        user = await make_user(market)
        browser = Browser(market)
        page = await browser.open("/signup")
        page = await browser.send(page, "/signup", 409, **DRAFT | {taken: getattr(user, taken)})
        assert set(page.problems) == {taken}

    async def test_too_often_says_when_to_try_again(self, market: Market) -> None:
        market.set_limit("mails_per_address", 0)
        browser = Browser(market)
        page = await browser.send(await browser.open("/signup"), "/signup", 429, **DRAFT)
        assert "Too many attempts." in page.text
        assert int(page.response.headers["Retry-After"]) > 0

    async def test_is_for_those_who_are_not_logged_in(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        assert (await browser.open("/signup")).path == "/jobs"

    async def test_hides_the_password_and_lets_password_managers_help(self, market: Market) -> None:
        text = (await Browser(market).open("/signup")).response.text
        assert 'type="password" autocomplete="new-password"' in text
