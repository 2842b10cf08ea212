"""Logging in and out by pages."""

from datetime import datetime, timedelta

import pytest

from app.services.session_cookies import KnownCookies
from tests.factories.browsers import Browser, browser_of
from tests.factories.second_factors import make_careful_member
from tests.factories.sessions import let_logins_age
from tests.factories.users import PASSWORD, Market, make_user

COOKIE = "__Host-session"
OWN, OTHERS = "/account/sessions", "/account/other-sessions/deletion"


class TestLoggingIn:
    async def test_leads_to_the_page_that_was_wanted(self, market: Market) -> None:
        user, browser = await make_user(market), Browser(market)
        page = await browser.open("/jobs/new")
        assert page.path == "/login?next=%2Fjobs%2Fnew"
        assert "If you are new here, create an account" in page.text
        page = await browser.send(page, "/login", username=user.username, password=PASSWORD)
        assert page.path == "/jobs/new"
        assert "Welcome back." in page.text
        assert user.username in page.text
        assert "Welcome back." not in (await browser.open("/jobs/new")).text

    @pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil", "x"])
    async def test_leads_to_no_other_site(self, market: Market, there: str) -> None:
        user, browser = await make_user(market), Browser(market)
        fields = {"username": user.username, "password": PASSWORD, "next": there}
        assert (await browser.post("/login", **fields)).headers["Location"] == "/jobs"

    async def test_sets_a_cookie_that_scripts_and_other_sites_do_not_get(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        response = await Browser(market).post("/login", username=user.username, password=PASSWORD)
        cookies = response.headers.get_list("Set-Cookie")
        (session,) = (it for it in cookies if it.startswith(f"{COOKIE}="))
        parts = {part.strip().lower() for part in session.split(";")[1:]}
        assert parts >= {"secure", "httponly", "samesite=lax", "path=/"}

    @pytest.mark.parametrize("path", ["/login", "/signup"])
    async def test_takes_the_place_of_a_session_that_has_ended(
        self, market: Market, path: str
    ) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        await user.delete("/users/me/sessions")
        name = user.username if path == "/login" else "anna"
        fields = {"username": name, "email": "anna@example.com", "password": PASSWORD}
        cookies = (await browser.post(path, **fields)).headers.get_list("Set-Cookie")
        (session,) = (it for it in cookies if it.startswith(f"{COOKIE}="))
        assert "Max-Age=0;" not in session

    async def test_with_a_wrong_password_keeps_the_name_only(self, market: Market) -> None:
        user, browser = await make_user(market), Browser(market)
        page = await browser.open("/login")
        page = await browser.send(
            page, "/login", 401, username=user.username, password="a wrong one"
        )
        assert "The name and the password do not match." in page.text
        assert ("username", user.username) in page.form("/login").fields
        assert "a wrong one" not in page.response.text

    async def test_asks_for_a_code_after_the_password(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        browser = Browser(market)
        page = await browser.open("/login")
        page = await browser.send(page, "/login", 401, username=member.username, password=PASSWORD)
        assert {name for name, _ in page.form("/login").fields} == {"next", "proof", "otp"}
        assert PASSWORD not in page.response.text
        wrong = await browser.send(page, "/login", 401, otp="000000")
        assert wrong.form("/login").fields
        page = await browser.send(page, "/login", otp=app.code())
        assert page.path == "/jobs"

    async def test_too_often_says_when_to_try_again(self, market: Market) -> None:
        market.set_limit("logins_per_address", 1)
        user, browser = await make_user(market), Browser(market)
        page = await browser.open("/login")
        for status in (401, 429):
            page = await browser.send(
                page, "/login", status, username=user.username, password="a wrong one"
            )
        assert int(page.response.headers["Retry-After"]) > 0
        assert "Too many attempts." in page.text


class TestASession:
    async def test_is_among_the_sessions_of_its_owner_and_can_be_ended_there(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        assert len(await user.items("/users/me/sessions")) == 2
        assert (await user.delete("/users/me/sessions")).status_code == 204
        assert (await browser.open("/offers")).path.startswith("/login")

    async def test_counts_for_pages_only(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        response = await browser.client.get("/api/v1/users/me")
        assert response.status_code == 401
        visitor = Browser(market, Authorization=f"Bearer {user.token}")
        assert (await visitor.open("/offers")).path.startswith("/login")

    async def test_that_has_ended_leaves_public_pages_open(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        await user.delete("/users/me/sessions")
        page = await browser.open("/jobs")
        assert user.username not in page.text
        assert COOKIE not in browser.client.cookies

    async def test_that_ends_within_a_form_keeps_what_was_typed(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        form = await browser.open("/jobs/new")
        await user.delete("/users/me/sessions")
        page = await browser.send(form, "/jobs/new", 401, name="Windows", price="45,50")
        assert "What you entered is kept." in page.text
        page = await browser.send(page, "/login", username=user.username, password=PASSWORD)
        page = await browser.send(page, "/jobs/new", price="45.50")
        assert page.path.startswith("/jobs/")
        assert "Windows" in page.text

    async def test_ends_with_the_logout(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.open("/jobs")
        kept = dict(browser.client.cookies)
        page = await browser.send(page, "/logout")
        assert "You are logged out." in page.text
        browser.client.cookies.update(kept)
        assert (await browser.open("/offers")).path.startswith("/login")

    async def test_ends_when_it_is_not_used(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        assert (await browser.open("/offers")).path == "/offers"
        await market.app.state.database.fetch(
            "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1",
            [user.id],
        )
        assert (await browser.open("/offers")).path.startswith("/login")

    async def test_is_extended_by_its_use_up_to_its_longest_time(self, market: Market) -> None:
        user, browser = await make_user(market), Browser(market)
        await browser.post("/login", username=user.username, password=PASSWORD)
        lifetimes = market.safeguards.lifetimes
        for age, left in (
            (lifetimes.idle, lifetimes.idle),
            (lifetimes.longest - timedelta(hours=1), timedelta(hours=1)),
        ):
            market.app.state.known_cookies = KnownCookies(lifetimes)
            rows = await market.app.state.database.fetch(
                "UPDATE sessions SET created_at = now() - $1::interval, "
                "expires_at = now() + interval '1 minute' WHERE cookie_hash IS NOT NULL "
                "RETURNING now()",
                [age],
            )
            await browser.open("/offers")
            (session, *_) = [
                it for it in await user.items("/users/me/sessions") if not it["current"]
            ]
            expires_at = datetime.fromisoformat(session["expires_at"])
            assert expires_at == rows[0][0] + left


class TestConfirmingAPassword:
    async def test_replaces_the_session(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        before = browser.client.cookies[COOKIE]
        page = await browser.open("/confirm?next=/offers")
        page = await browser.send(page, "/confirm", password=PASSWORD)
        assert page.path == "/offers"
        assert browser.client.cookies[COOKIE] != before

    async def test_with_a_wrong_one_is_refused(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.open("/confirm")
        page = await browser.send(page, "/confirm", 401, password="a wrong one")
        assert page.form("/confirm")


class TestTheListOfSessions:
    async def test_needs_a_login(self, market: Market) -> None:
        assert (await Browser(market).open(OWN)).path == "/login?next=%2Faccount%2Fsessions"

    async def test_shows_where_one_is_logged_in(self, market: Market) -> None:
        user = await make_user(market)
        browser = Browser(market, **{"User-Agent": "Mozilla/5.0 Gecko/20100101 Firefox/145.0"})
        await browser.log_in(user)
        page = await browser.open(OWN)
        assert "Firefox This device" in page.text
        assert "Another program" in page.text
        assert len([form for form in page.forms if form.action.startswith(f"{OWN}/")]) == 1

    async def test_ends_one(self, market: Market) -> None:
        user = await make_user(market)
        browser, other = await browser_of(market, user), await browser_of(market, user)
        sessions = await user.items("/users/me/sessions")
        page = await browser.open(OWN)
        page = await browser.send(page, f"{OWN}/{sessions[0]['id']}/deletion")
        assert "That device is logged out." in page.text
        assert (await other.open("/offers")).path.startswith("/login")
        assert (await browser.open("/offers")).path == "/offers"

    async def test_ends_all_others(self, market: Market) -> None:
        user = await make_user(market)
        browser, other = await browser_of(market, user), await browser_of(market, user)
        page = await browser.send(await browser.open(OWN), OTHERS)
        assert "You are logged out on all other devices." in page.text
        assert not [form for form in page.forms if form.action == OTHERS]
        assert (await other.open("/offers")).path.startswith("/login")
        assert (await user.get("/users/me")).status_code == 401

    async def test_ends_none_without_a_recent_login_but_after_the_password(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.open(OWN)
        await let_logins_age(market)
        page = await browser.send(page, OTHERS, 403)
        assert (await user.get("/users/me")).status_code == 200
        page = await browser.send(page, "/confirm", password=PASSWORD)
        page = await browser.send(page, OTHERS)
        assert page.path == OWN
        assert (await user.get("/users/me")).status_code == 401

    async def test_ends_none_of_another_user(self, market: Market) -> None:
        user = await make_user(market)
        (session,) = await user.items("/users/me/sessions")
        browser = await browser_of(market, await make_user(market))
        assert (await browser.post(f"{OWN}/{session['id']}/deletion")).status_code == 404
        assert (await user.get("/users/me")).status_code == 200
