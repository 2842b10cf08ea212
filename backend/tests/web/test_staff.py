"""Rules that hold for all pages of staff: who may open them."""

from urllib.parse import urlencode

from starlette.routing import compile_path

from app.web.pages import ROUTES
from app.web.routing import Access
from tests.factories.browsers import Browser, browser_of
from tests.factories.users import Market, make_user
from tests.staff import STAFF, SUPERUSER, make_staff

ID = "019a0000-0000-7000-8000-000000000000"
CLOSED = [route for route in ROUTES if route.access in {Access.STAFF, Access.SUPERUSERS}]


def paths(method: str, access: Access | None = None) -> list[str]:
    """The paths of staff, with a value for each parameter."""
    shapes = [
        compile_path(route.path)
        for route in CLOSED
        if route.method == method and access in {None, route.access}
    ]
    return [shape.format(**dict.fromkeys(names, ID)) for _, shape, names in shapes]


class TestEachPage:
    async def test_leads_visitors_to_the_login_and_back(self, market: Market) -> None:
        client = Browser(market).client
        for path in paths("GET"):
            response = await client.get(path)
            assert response.headers["Location"] == f"/login?{urlencode({'next': path})}"

    async def test_is_closed_to_members(self, market: Market) -> None:
        client = (await browser_of(market, await make_user(market))).client
        for path in paths("GET"):
            response = await client.get(path)
            assert (response.status_code, "Only staff may do this." in response.text) == (403, True)

    async def test_demands_a_second_factor_where_it_is_required(self, market: Market) -> None:
        client = (await browser_of(market, await make_user(market, role=SUPERUSER))).client
        market.replace_safeguards(staff_needs_second_factor=True)
        for path in paths("GET"):
            response = await client.get(path)
            assert (response.status_code, "second factor" in response.text) == (403, True)

    async def test_of_superusers_is_closed_to_staff(self, market: Market) -> None:
        client = (await browser_of(market, await make_staff(market))).client
        for path in paths("GET", Access.SUPERUSERS):
            response = await client.get(path)
            assert "Only superusers may do this." in response.text


class TestEachForm:
    async def test_leads_visitors_to_the_login(self, market: Market) -> None:
        browser = Browser(market)
        for path in paths("POST"):
            assert (await browser.post(path, reason="x")).status_code == 401, path

    async def test_is_closed_to_members(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        for path in paths("POST"):
            assert (await browser.post(path, reason="x")).status_code == 403, path

    async def test_demands_a_second_factor_where_it_is_required(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market, role=SUPERUSER))
        market.replace_safeguards(staff_needs_second_factor=True)
        for path in paths("POST"):
            assert (await browser.post(path, reason="x")).status_code == 403, path

    async def test_of_superusers_is_closed_to_staff(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market, role=STAFF))
        for path in paths("POST", Access.SUPERUSERS):
            assert (await browser.post(path, role="user")).status_code == 403, path


class TestTheMenu:
    async def test_links_to_them_for_staff_only(self, market: Market) -> None:
        member = await browser_of(market, await make_user(market))
        assert "/staff" not in (await member.open("/jobs")).links
        staff = await browser_of(market, await make_staff(market))
        assert "/staff" in (await staff.open("/jobs")).links
