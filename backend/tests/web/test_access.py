"""Every page and form is closed to those whom its declaration leaves out."""

import pytest
from httpx import Response

from app.web.pages import ROUTES
from app.web.routing import Access, PageRoute
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.sessions import let_logins_age
from tests.factories.users import Market, make_user
from tests.web.test_answering import concrete

RECENT = [route for route in ROUTES if route.access is Access.RECENT]
CLOSED = [route for route in ROUTES if route.access is not Access.VISITORS]


def named(route: PageRoute) -> str:
    """The name of a test of a route."""
    return f"{route.method} {route.path}"


def demand_led(response: Response, path: str, status: int) -> None:
    """A page leads to another one, and from there back; a form is answered with that one's form.

    Args:
        response: The response.
        path: The path of the other page.
        status: The status of the response to a form.
    """
    if response.request.method == "GET":
        assert response.status_code == 303
        assert response.headers["Location"].startswith(f"{path}?next=")
    else:
        assert response.status_code == status
        assert PageShown(response).form(path)


@pytest.mark.parametrize("route", CLOSED, ids=named)
async def test_a_visitor_is_asked_to_log_in(market: Market, route: PageRoute) -> None:
    client = Browser(market).client
    response = await client.request(route.method, concrete(route.path))
    demand_led(response, "/login", 401)


@pytest.mark.parametrize("route", RECENT, ids=named)
async def test_an_old_login_is_confirmed_first(market: Market, route: PageRoute) -> None:
    client = (await browser_of(market, await make_user(market))).client
    await let_logins_age(market)
    response = await client.request(route.method, concrete(route.path))
    demand_led(response, "/confirm", 403)
