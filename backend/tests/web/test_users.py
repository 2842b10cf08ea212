"""Accounts on pages: registration, changes of how one logs in, and deletion."""

from typing import Any

import pytest

from tests.factories.bookings import make_booking
from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.links import token_in, verifying
from tests.factories.sessions import let_logins_age, log_in
from tests.factories.users import PASSWORD, Market, make_user
from tests.mail import deliver
from tests.statements import statements

COOKIE = "__Host-session"
NEW = "another lighthouse"
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

    async def test_twice_makes_one_account_and_one_session(self, market: Market) -> None:
        browser = Browser(market)
        form = await browser.open("/signup")
        pages = [await browser.send(form, "/signup", **DRAFT) for _ in range(2)]
        assert [page.path for page in pages] == ["/jobs/new"] * 2
        fields = {**dict(form.form("/signup").fields), **DRAFT}
        again = await Browser(market).post("/signup", **fields)
        assert (again.status_code, again.headers["Location"]) == (303, "/jobs/new")
        assert COOKIE not in again.cookies
        guess = await Browser(market).post("/signup", **fields | {"password": "another guess"})
        assert guess.status_code == 422

    async def test_leads_back_to_the_job_that_a_visitor_has_looked_at(self, market: Market) -> None:
        job = await make_cleaning(market)
        there = f"/jobs/{job.data['id']}"
        page = await Browser(market).open(there)
        (link,) = (link for link in page.links if link.startswith("/signup?"))
        browser = Browser(market)
        page = await browser.send(await browser.open(link), "/signup", **DRAFT)
        assert page.path == there

    async def test_keeps_the_language_of_the_page(self, market: Market) -> None:
        browser = Browser(market, **{"Accept-Language": "fr"})
        await browser.send(await browser.open("/signup"), "/signup", **DRAFT)
        page = await browser.open("/account/profile")
        assert ("language", "fr") in page.form("/account/profile").fields

    async def test_is_found_on_the_first_page(self, market: Market) -> None:
        assert "/signup" in (await Browser(market).open("/")).links

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
            assert COOKIE not in browser.client.cookies
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
        assert page.problems["email"] == "Must be an email address such as anna@example.com."
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
        assert "Too many attempts. You can try again in" in page.text
        assert int(page.response.headers["Retry-After"]) > 0

    async def test_is_for_those_who_are_not_logged_in(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        assert (await browser.open("/signup")).path == "/jobs"

    async def test_hides_the_password_and_lets_password_managers_help(self, market: Market) -> None:
        text = (await Browser(market).open("/signup")).response.text
        assert 'type="password" autocomplete="new-password"' in text


SECURITY = "/account/security"


class TestChangingHowOneLogsIn:
    async def test_needs_a_login(self, market: Market) -> None:
        for path in (SECURITY, f"{SECURITY}/password", "/account/data/deletion"):
            assert (await Browser(market).open(path)).path.startswith("/login?next=")

    async def test_needs_a_recent_one_and_leads_back(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        await let_logins_age(market)
        for name in ("username", "email", "password"):
            page = await browser.open(f"{SECURITY}/{name}")
            assert page.path == f"/confirm?next=%2Faccount%2Fsecurity%2F{name}"
        page = await browser.send(page, "/confirm", password=PASSWORD)
        assert page.path == f"{SECURITY}/password"

    async def test_asks_for_the_password_when_the_login_has_aged_meanwhile(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        form = await browser.open(f"{SECURITY}/username")
        await let_logins_age(market)
        page = await browser.send(form, f"{SECURITY}/username", 403, username="anna-marie")
        page = await browser.send(page, "/confirm", password=PASSWORD)
        page = await browser.send(page, f"{SECURITY}/username")
        assert "Your username is changed." in page.text
        assert "anna-marie" in page.text

    async def test_takes_the_present_password_for_a_new_one(self, market: Market) -> None:
        user = await make_user(market)
        browser, other = await browser_of(market, user), await browser_of(market, user)
        path = f"{SECURITY}/password"
        page = await browser.open(path)
        page = await browser.send(page, path, 403, current_password="wrong", password=NEW)
        assert set(page.problems) == {"current_password"}
        page = await browser.send(page, path, 422, current_password=PASSWORD, password="password")
        assert set(page.problems) == {"password"}
        page = await browser.send(page, path, 422)
        assert set(page.problems) == {"current_password", "password"}
        page = await browser.send(page, path, current_password=PASSWORD, password=NEW)
        assert "Your password is changed." in page.text
        assert (await log_in(market, user.username, NEW)).status_code == 200
        assert (await other.open(SECURITY)).path.startswith("/login")

    async def test_shows_an_address_that_waits_for_its_confirmation(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        path = f"{SECURITY}/email"
        entered: dict[str, Any] = {"email": "anna.ark@example.com", "current_password": PASSWORD}
        with verifying(market):
            page = await browser.send(await browser.open(path), path, **entered)
            assert "Open the link that we send to the new address." in page.text
            assert f"{user.email} Waits for its confirmation anna.ark@example.com" in page.text
            (mail,) = await deliver(market)
            page = await browser.open("/verify-email")
            page = await browser.send(page, "/verify-email", token=token_in(mail))
        assert page.path == SECURITY
        assert "anna.ark@example.com Confirmed" in page.text
        assert "Waits" not in page.text

    async def test_leads_to_the_confirmation_of_the_present_address(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        for path in ("/notifications", "/notifications/preferences"):
            assert SECURITY in (await browser.open(path)).links
        page = await browser.open(SECURITY)
        assert "Not confirmed" in page.text
        await browser.send(page, "/verification-link")
        (mail,) = await deliver(market)
        page = await browser.open("/verify-email")
        page = await browser.send(page, "/verify-email", token=token_in(mail))
        assert "Not confirmed" not in page.text
        assert SECURITY not in (await browser.open("/notifications")).links

    async def test_to_names_of_others_says_so_beside_them(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        browser = await browser_of(market, user)
        path = f"{SECURITY}/username"
        page = await browser.send(await browser.open(path), path, 409, username=other.username)
        assert set(page.problems) == {"username"}
        path = f"{SECURITY}/email"
        page = await browser.open(path)
        page = await browser.send(page, path, 409, email=other.email, current_password=PASSWORD)
        assert set(page.problems) == {"email"}


class TestThePagesOfAnAccount:
    @pytest.mark.committed
    @pytest.mark.parametrize(
        ("path", "number"),
        [
            (SECURITY, 3),  # the viewer, the account and its second factor
            (f"{SECURITY}/email", 2),
            (f"{SECURITY}/password", 1),
            ("/account/profile", 2),
            ("/account/sessions", 2),
            ("/account/keys", 2),
            ("/account/data", 1),
        ],
    )
    async def test_take_no_more_statements_than_what_they_show(
        self, market: Market, path: str, number: int
    ) -> None:
        browser = await browser_of(market, await make_user(market))
        await browser.open(path)
        assert await statements(market.app, browser.client.get(path)) == number


class TestDeletingTheAccount:
    async def test_erases_it_and_logs_out(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.open("/account/data/deletion")
        assert "Your open jobs are cancelled" in page.text
        page = await browser.send(page, "/account/data/deletion")
        assert page.path == "/"
        assert "Your account is deleted." in page.text
        assert COOKIE not in browser.client.cookies
        assert (await log_in(market, user.username)).status_code == 401

    async def test_waits_for_the_end_of_a_booking(self, market: Market) -> None:
        booking = await make_booking(market)
        browser = await browser_of(market, booking.owner)
        page = await browser.open("/account/data/deletion")
        page = await browser.send(page, "/account/data/deletion", 409)
        assert "The account has a scheduled booking." in page.text
        assert page.form("/account/data/deletion")
