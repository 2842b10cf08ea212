"""The pages that mailed links lead to: they need no scripts, and opening one changes nothing."""

import re
from urllib.parse import urlsplit

from app.db.models.users import UserRole
from tests.factories.browsers import Browser
from tests.factories.links import mailed_token, token_in, verify, verifying
from tests.factories.second_factors import make_careful_member
from tests.factories.sessions import log_in, register
from tests.factories.users import Market, make_user
from tests.mail import deliver, text_of

NEW = "a lighthouse in winter"


class TestVerifyingAnAddress:
    async def test_takes_the_page_of_the_link_and_its_code(self, market: Market) -> None:
        browser = Browser(market)
        with verifying(market):
            draft = await register(market)
            (mail,) = await deliver(market)
            link = re.search(r"http\S+", text_of(mail))
            assert link
            path = urlsplit(link[0]).path
            page = await browser.open(path)
            page = await browser.send(page, path, token=token_in(mail))
            assert page.path == "/login"
            assert "Your email address is confirmed." in page.text
            assert draft.status_code == 201

    async def test_can_be_done_with_the_code_that_the_mail_shows(self, market: Market) -> None:
        with verifying(market):
            await register(market)
            (mail,) = await deliver(market)
            assert f"\n\n{token_in(mail)}\n\n" in text_of(mail)

    async def test_is_not_done_by_opening_the_page(self, market: Market) -> None:
        client = Browser(market).client
        with verifying(market):
            await register(market)
            token = await mailed_token(market)
            for method in ("GET", "HEAD"):
                await client.request(method, f"/verify-email?token={token}")
            assert (await verify(market, token)).status_code == 204

    async def test_with_a_link_that_is_no_longer_good_is_refused(self, market: Market) -> None:
        browser = Browser(market)
        with verifying(market):
            await register(market)
            token = await mailed_token(market)
            page = await browser.open("/verify-email")
            for _ in range(2):  # the clicks of a double click
                confirmed = await browser.send(page, "/verify-email", token=token)
                assert "Your email address is confirmed." in confirmed.text
            page = await browser.open("/verify-email")
            refused = await browser.send(page, "/verify-email", 422, token=token)
            assert "The link is invalid or has expired." in refused.text
            assert refused.form("/verification-link")


class TestKeepingASecondFactor:
    async def test_takes_the_page_of_the_link_and_its_code(self, market: Market) -> None:
        browser = Browser(market)
        member, _, _ = await make_careful_member(market)
        staff = await make_user(market, role=UserRole.STAFF)
        path = f"/admin/users/{member.id}/second-factor-removal"
        assert (await staff.post(path, {"reason": "It is lost."})).is_success
        mail = (await deliver(market))[-1]
        link = re.search(r"http\S+", text_of(mail))
        assert link
        path = urlsplit(link[0]).path
        page = await browser.send(await browser.open(path), path, token=token_in(mail))
        assert "Your second factor stays on." in page.text
        shown = (await member.get("/users/me/second-factor")).json()
        assert shown["removal_due_at"] is None


class TestChoosingAPassword:
    async def test_begins_and_ends_on_pages(self, market: Market) -> None:
        browser, user = Browser(market), await make_user(market)
        page = await browser.open("/reset-password")
        page = await browser.send(page, "/reset-link", email=user.email)
        assert "we have sent a link to it." in page.text
        token = await mailed_token(market)
        page = await browser.send(page, "/reset-password", token=token, password=NEW)
        assert page.path == "/login"
        assert "Your password is changed." in page.text
        assert (await log_in(market, user.username, NEW)).status_code == 200

    async def test_hides_what_is_typed_and_lets_password_managers_help(
        self, market: Market
    ) -> None:
        text = (await Browser(market).open("/reset-password")).response.text
        (field,) = re.findall(r'<input[^>]* name="password"[^>]*>', text)
        assert 'type="password"' in field
        assert 'autocomplete="new-password"' in field
        assert "value=" not in field

    async def test_says_what_is_wrong_with_the_password(self, market: Market) -> None:
        browser, user = Browser(market), await make_user(market)
        page = await browser.open("/reset-password")
        await browser.send(page, "/reset-link", email=user.email)
        token = await mailed_token(market)
        wrong = await browser.send(page, "/reset-password", 422, token=token, password="password")
        assert wrong.problems["password"]
        page = await browser.send(wrong, "/reset-password", token=token, password=NEW)
        assert page.path == "/login"

    async def test_may_not_be_asked_for_too_often(self, market: Market) -> None:
        market.set_limit("resets_per_email", 2)
        browser = Browser(market)
        page = await browser.open("/reset-password")
        for status in (200, 200, 429):
            answer = await browser.send(page, "/reset-link", status, email="a@example.com")
        assert "Too many attempts." in answer.text
        assert int(answer.response.headers["Retry-After"]) > 0
