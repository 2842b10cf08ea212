"""The pages that mailed links lead to: they need no scripts, and opening one changes nothing."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient, Response

from app.db.models.users import UserRole
from app.http.load_shedding import Share
from app.web.html import Field, Form, page
from app.web.pages import FILES
from tests.clients import client_of
from tests.factories.links import mailed_token, token_in, verify, verifying
from tests.factories.second_factors import make_careful_member
from tests.factories.sessions import log_in, register
from tests.factories.users import Market, make_user
from tests.mail import deliver

NEW = "a lighthouse in winter"
PAGES = ("/", "/verify-email", "/reset-password", "/keep-second-factor")
FORMS = ("/verify-email", "/reset-password", "/reset-link", "/keep-second-factor")


def said(response: Response) -> str:
    """What a page says, without its markup."""
    return unescape(re.sub(r"<[^>]+>", " ", response.text))


async def send(client: AsyncClient, path: str, **given: str) -> Response:
    """Sends a form, as a browser does."""
    return await client.post(f"http://test{path}", data=given)


@pytest.fixture
async def browser(market: Market) -> AsyncClient:
    """A client of the pages."""
    return client_of(market.app, "http://test")


class TestEachPage:
    @pytest.mark.parametrize("path", PAGES)
    async def test_may_load_and_send_to_nothing_but_the_service(
        self, browser: AsyncClient, path: str
    ) -> None:
        response = await browser.get(path)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        rules = dict(
            rule.split(" ", 1) for rule in response.headers["Content-Security-Policy"].split("; ")
        )
        assert rules == {
            "default-src": "'none'",
            "style-src": "'self'",
            "script-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        assert not re.search(r"<style|<script>|style=| on\w+=|//", response.text)
        for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', response.text):
            assert (await browser.get(file)).status_code == 200

    @pytest.mark.parametrize("path", PAGES)
    async def test_has_forms_that_lead_somewhere(self, browser: AsyncClient, path: str) -> None:
        response = await browser.get(path)
        actions = re.findall(r'<form method="post" action="([^"]+)"', response.text)
        assert bool(actions) == (path != "/")
        for action in actions:
            assert (await browser.post(action)).status_code == 422

    @pytest.mark.parametrize("path", FORMS)
    async def test_takes_no_body_but_a_small_form(self, browser: AsyncClient, path: str) -> None:
        assert (await browser.post(path, data={"token": "x" * 20_000})).status_code == 413
        for body in (b"\xff\x00=%00&&&", b"token=1&token=2", b"{}", b"a=1&" * 1000):
            assert (await browser.post(path, content=body)).status_code == 422

    async def test_leaves_room_for_people_who_are_logged_in(
        self, market: Market, browser: AsyncClient
    ) -> None:
        strangers, market.app.state.strangers = market.app.state.strangers, Share(0)
        try:
            response = await send(browser, "/reset-link", email="a@example.com")
        finally:
            market.app.state.strangers = strangers
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert "Please try again in a moment." in said(response)

    async def test_at_the_root_leads_to_the_documentation(self, browser: AsyncClient) -> None:
        response = await browser.get("/")
        assert "Cleaning marketplace" in said(response)
        for link in re.findall(r'<a href="([^"]+)"', response.text):
            assert (await browser.get(link)).status_code == 200

    async def test_has_text_where_text_is_given(self) -> None:
        form = Form("/there", "<b>", (Field("name", '"<i>', "text", "off"),))
        text = bytes(page("<a>", "<q>&", forms=(form,), error="<u>").body).decode()
        for given in ("<a>", "<q>&", "<b>", "<i>", "<u>"):
            assert text.count(given) == 0

    def test_has_no_files_but_these(self) -> None:
        assert {path.name for path in FILES.iterdir()} == {"pages.css", "pages.js"}

    def test_has_a_script_that_writes_no_html_runs_no_text_and_keeps_nothing(self) -> None:
        script = (FILES / "pages.js").read_text()
        for danger in (
            *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "srcdoc"),
            *("eval", "Function", "setTimeout", "javascript:", "postMessage", "onmessage"),
            *("localStorage", "sessionStorage", "indexedDB", "cookie", "fetch", "XMLHttpRequest"),
        ):
            assert danger not in script


class TestVerifyingAnAddress:
    async def test_takes_the_page_of_the_link_and_its_code(
        self, market: Market, browser: AsyncClient
    ) -> None:
        with verifying(market):
            draft = await register(market)
            (mail,) = await deliver(market)
            link = re.search(r"http\S+", mail.get_content())
            assert link
            path = urlsplit(link[0]).path
            assert (await browser.get(path)).status_code == 200
            response = await send(browser, path, token=token_in(mail))
            assert response.status_code == 200
            assert "Your email address is confirmed." in said(response)
            assert draft.status_code == 201

    async def test_can_be_done_with_the_code_that_the_mail_shows(self, market: Market) -> None:
        with verifying(market):
            await register(market)
            (mail,) = await deliver(market)
            assert f"\n\n{token_in(mail)}\n\n" in mail.get_content()

    async def test_is_not_done_by_opening_the_page(
        self, market: Market, browser: AsyncClient
    ) -> None:
        with verifying(market):
            await register(market)
            token = await mailed_token(market)
            for method in ("GET", "HEAD"):
                await browser.request(method, f"/verify-email?token={token}")
            assert (await verify(market, token)).status_code == 204

    async def test_with_a_link_that_is_no_longer_good_is_refused(
        self, market: Market, browser: AsyncClient
    ) -> None:
        with verifying(market):
            await register(market)
            token = await mailed_token(market)
            assert (await send(browser, "/verify-email", token=token)).status_code == 200
            response = await send(browser, "/verify-email", token=token)
            assert response.status_code == 422
            assert "The link is invalid or has expired." in said(response)
            assert "<form" in response.text


class TestKeepingASecondFactor:
    async def test_takes_the_page_of_the_link_and_its_code(
        self, market: Market, browser: AsyncClient
    ) -> None:
        member, _, _ = await make_careful_member(market)
        staff = await make_user(market, role=UserRole.STAFF)
        path = f"/admin/users/{member.id}/second-factor-removal"
        assert (await staff.post(path, {"reason": "It is lost."})).is_success
        mail = (await deliver(market))[-1]
        link = re.search(r"http\S+", mail.get_content())
        assert link
        response = await send(browser, urlsplit(link[0]).path, token=token_in(mail))
        assert response.status_code == 200
        assert "Your second factor stays on." in said(response)
        shown = (await member.get("/users/me/second-factor")).json()
        assert shown["removal_due_at"] is None


class TestChoosingAPassword:
    async def test_begins_and_ends_on_pages(self, market: Market, browser: AsyncClient) -> None:
        user = await make_user(market)
        response = await send(browser, "/reset-link", email=user.email)
        assert response.status_code == 200
        assert "If there is an account with this address, we have sent a link to it." in said(
            response
        )
        token = await mailed_token(market)
        response = await send(browser, "/reset-password", token=token, password=NEW)
        assert response.status_code == 200
        assert "Your password has been changed." in said(response)
        assert (await log_in(market, user.username, NEW)).status_code == 200

    async def test_hides_what_is_typed_and_lets_password_managers_help(
        self, browser: AsyncClient
    ) -> None:
        text = (await browser.get("/reset-password")).text
        (field,) = re.findall(r'<input name="password"[^>]*>', text)
        assert 'type="password"' in field
        assert 'autocomplete="new-password"' in field
        assert "paste" not in text + (FILES / "pages.js").read_text()

    async def test_says_what_is_wrong_with_the_password(
        self, market: Market, browser: AsyncClient
    ) -> None:
        user = await make_user(market)
        await send(browser, "/reset-link", email=user.email)
        token = await mailed_token(market)
        response = await send(browser, "/reset-password", token=token, password="password")
        assert response.status_code == 422
        assert "New password: " in said(response)
        response = await send(browser, "/reset-password", token=token, password=NEW)
        assert response.status_code == 200

    async def test_may_not_be_asked_for_too_often(
        self, market: Market, browser: AsyncClient
    ) -> None:
        market.set_limit("resets_per_email", 2)
        answers = [await send(browser, "/reset-link", email="a@example.com") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "Too many attempts." in said(answers[2])
        assert int(answers[2].headers["Retry-After"]) > 0
