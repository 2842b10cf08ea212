"""Second factors on pages."""

import re

from app.web.cookies import SESSION
from tests.audit import audited
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.removals import make_pending
from tests.factories.second_factors import (
    Authenticator,
    let_codes_change,
    make_careful_member,
)
from tests.factories.sessions import let_logins_age
from tests.factories.users import PASSWORD, Actor, Market, make_user

SECURITY = "/account/security"
FACTOR = f"{SECURITY}/second-factor"
CONFIRMATION, REMOVAL = f"{FACTOR}/confirmation", f"{FACTOR}/removal"
RECOVERY_CODES = f"{SECURITY}/recovery-codes"
CODE = r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{4}"


async def log_in_with(market: Market, member: Actor, app: Authenticator) -> Browser:
    """A browser in which a user with a second factor is logged in, without used codes."""
    browser = Browser(market)
    page = await browser.open("/login")
    page = await browser.send(page, "/login", 401, username=member.username, password=PASSWORD)
    await browser.send(page, "/login", otp=app.code())
    await let_codes_change(market, member)
    return browser


async def careful_browser(market: Market) -> tuple[Browser, Authenticator]:
    """A browser in which a user with a second factor is logged in, and their app."""
    member, app, _ = await make_careful_member(market)
    return await log_in_with(market, member, app), app


def secret_on(page: PageShown) -> str:
    """The secret that a page shows."""
    found = re.search(r'<p class="secret"><code>(.+?)</code>', page.response.text)
    assert found
    return re.sub("<.+?>", "", found[1])


class TestTurningItOn:
    async def test_needs_a_login(self, market: Market) -> None:
        assert (await Browser(market).open(FACTOR)).path.startswith("/login?next=")

    async def test_confirms_a_login_of_long_ago_by_the_same_password(self, market: Market) -> None:
        user = await make_user(market)
        browser, other = await browser_of(market, user), await browser_of(market, user)
        await let_logins_age(market)
        former = browser.client.cookies[SESSION]
        page = await browser.send(
            await browser.open(FACTOR), FACTOR, 403, current_password="a wrong one"
        )
        assert set(page.problems) == {"current_password"}
        assert browser.client.cookies[SESSION] == former
        page = await browser.send(page, FACTOR, current_password=PASSWORD)
        assert browser.client.cookies[SESSION] != former
        assert (await other.open(REMOVAL)).path.startswith("/confirm?next=")
        page = await browser.send(page, CONFIRMATION, code=Authenticator(secret_on(page)).code())
        assert len(set(re.findall(CODE, page.text))) == 10
        tried = [it for it in await audited(market, user.id) if it[0].startswith("step")]
        assert tried == [("step_up_failed", "password"), ("stepped_up", "password")]
        browser.client.cookies.set(SESSION, former, "test.local")
        assert (await browser.open(SECURITY)).path.startswith("/login")

    async def test_shows_a_secret_and_then_the_recovery_codes(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        assert FACTOR in (await browser.open(SECURITY)).links
        page = await browser.send(await browser.open(FACTOR), FACTOR, current_password=PASSWORD)
        assert '<div class="qr" role="img"' in page.response.text
        app = Authenticator(secret_on(page))
        page = await browser.send(page, CONFIRMATION, 422, code="12345")
        assert set(page.problems) == {"code"}
        code = app.code()
        page = await browser.send(page, CONFIRMATION, code=f"{code[:3]} {code[3:]}")
        codes = re.findall(CODE, page.text)
        assert len(set(codes)) == 10
        assert (await user.get("/users/me/second-factor")).status_code == 401  # another session
        page = await browser.open(SECURITY)
        assert "10 recovery codes are left" in page.text
        assert not re.findall(CODE, page.text)

    async def test_with_a_wrong_code_lets_one_try_again(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.send(await browser.open(FACTOR), FACTOR, current_password=PASSWORD)
        app = Authenticator(secret_on(page))
        page = await browser.send(page, CONFIRMATION, 422, code=app.code(steps=5))
        assert "Enter the present code of the app." in page.problems["code"]
        await browser.send(page, CONFIRMATION, code=app.code())

    async def test_with_a_wrong_password_shows_no_secret(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(FACTOR)
        page = await browser.send(page, FACTOR, 403, current_password="a wrong one")
        assert set(page.problems) == {"current_password"}
        assert "qr" not in page.response.text

    async def test_stores_no_answer_with_a_secret(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        fields = {"once": "a-name-of-a-submission", "current_password": PASSWORD}
        assert (await browser.post(FACTOR, **fields)).status_code == 200
        rows = await market.app.state.database.fetch(
            "SELECT 1 FROM idempotency_keys WHERE answer IS NOT NULL", ()
        )
        assert rows == []


class TestWhileItIsOn:
    async def test_stepping_up_asks_for_a_code_and_leads_back(self, market: Market) -> None:
        browser, app = await careful_browser(market)
        await let_logins_age(market)
        page = await browser.open(RECOVERY_CODES)
        assert page.path.startswith("/confirm?next=")
        assert ("otp", "") in page.form("/confirm").fields
        page = await browser.send(page, "/confirm", 401, password=PASSWORD, otp="000000")
        page = await browser.send(page, "/confirm", password=PASSWORD, otp=app.code())
        assert page.path == RECOVERY_CODES

    async def test_recovery_codes_are_renewed(self, market: Market) -> None:
        browser, _ = await careful_browser(market)
        assert RECOVERY_CODES in (await browser.open(SECURITY)).links
        page = await browser.send(await browser.open(RECOVERY_CODES), RECOVERY_CODES)
        assert len(set(re.findall(CODE, page.text))) == 10

    async def test_it_is_turned_off(self, market: Market) -> None:
        browser, _ = await careful_browser(market)
        page = await browser.send(await browser.open(REMOVAL), REMOVAL)
        assert page.path == SECURITY
        assert "Your second factor is off." in page.text
        assert FACTOR in page.links

    async def test_another_one_is_refused(self, market: Market) -> None:
        browser, _ = await careful_browser(market)
        page = await browser.open(FACTOR)
        page = await browser.send(page, FACTOR, 409, current_password=PASSWORD)
        assert "You already have a second factor." in page.text
        await let_logins_age(market)
        page = await browser.send(page, FACTOR, 409, current_password=PASSWORD)
        assert "You already have a second factor." in page.text

    async def test_a_removal_by_staff_is_announced(self, market: Market) -> None:
        member, _, app, _ = await make_pending(market)
        browser = await log_in_with(market, member, app)
        assert "Our staff was asked to turn it off" in (await browser.open(SECURITY)).text


class TestTheCodesOfAnother:
    async def test_are_not_within_reach(self, market: Market) -> None:
        await make_careful_member(market)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(RECOVERY_CODES)
        await browser.send(page, RECOVERY_CODES, 404)
