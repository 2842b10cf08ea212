"""Exports of personal data on pages."""

from tests.factories.browsers import Browser, browser_of
from tests.factories.users import Market, make_user

OWN = "/account/data"


class TestExporting:
    async def test_needs_a_login(self, market: Market) -> None:
        assert (await Browser(market).open(OWN)).path == "/login?next=%2Faccount%2Fdata"
        assert (await Browser(market).post(OWN)).status_code == 401

    async def test_answers_a_file_that_no_browser_stores(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        assert (await browser.open(OWN)).form(OWN)
        response = await browser.post(OWN)
        assert response.json()["account"]["email"] == user.email
        assert response.headers["Content-Disposition"] == 'attachment; filename="export.json"'
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"

    async def test_too_often_says_when_to_try_again(self, market: Market) -> None:
        market.set_limit("exports_per_account", 1)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(OWN)
        assert (await browser.post(OWN)).status_code == 200
        page = await browser.send(page, OWN, 429)
        assert "Too many attempts." in page.text
        assert int(page.response.headers["Retry-After"]) > 0
        assert page.form(OWN)
