"""Every page and form is closed to those whom its declaration leaves out."""

import pytest

from app.web.pages import ROUTES
from app.web.routing import Access, PageRoute
from tests.factories.browsers import Browser, PageShown
from tests.factories.users import Market
from tests.web.test_answering import concrete

CLOSED = [route for route in ROUTES if route.access is not Access.VISITORS]


def named(route: PageRoute) -> str:
    """The name of a test of a route."""
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", CLOSED, ids=named)
async def test_a_visitor_is_asked_to_log_in(market: Market, route: PageRoute) -> None:
    client = Browser(market).client
    response = await client.request(route.method, concrete(route.path))
    if route.method == "GET":
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/login?next=")
    else:
        assert response.status_code == 401
        assert PageShown(response).form("/login")
