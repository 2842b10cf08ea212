"""The stream by which pages learn of changes."""

import pytest

from app.http import streaming
from app.web.cookies import SESSION
from dev.events import Event, events_in
from tests.events import listening_to
from tests.factories.browsers import Browser, browser_of
from tests.factories.messages import make_message
from tests.factories.notifications import make_notification, notify
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user
from tests.sockets import listening

PATH = "/live"


async def test_is_for_users(market: Market) -> None:
    for browser in (Browser(market), Browser(market, Cookie=f"{SESSION}=made-up")):
        assert (await browser.client.get(PATH)).status_code == 401


async def test_tells_what_pages_know(market: Market) -> None:
    offer = await make_notification(market)
    browser = await browser_of(market, offer.owner)
    response = await browser.client.get(PATH)
    assert response.headers["Cache-Control"] == "no-store"
    (event,) = events_in(response.text.splitlines())
    assert event == Event("changed", "", "0 1 0")
    page = await browser.open("/jobs")
    assert f'data-changes="{event.data}"' in page.response.text


async def test_has_headers_alone(market: Market) -> None:
    browser = await browser_of(market, await make_user(market))
    market.app.state.streams.longest = streaming.LONGEST
    try:
        response = await browser.client.head(PATH)
    finally:
        market.app.state.streams.longest = 0
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"


@pytest.mark.committed
async def test_tells_of_each_notification(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market.app.state.streams, "longest", streaming.LONGEST)
    offer = await make_notification(market)
    cookie = (await browser_of(market, offer.owner)).client.cookies[SESSION]
    headers = {"Cookie": f"{SESSION}={cookie}"}
    async with (
        listening(market.app) as port,
        listening_to(f"http://127.0.0.1:{port}{PATH}", headers) as stream,
    ):
        await make_offer(market, offer.job)
        await notify(market)
        events = await stream.until(2)
    assert [it.data for it in events] == ["0 1 0", "0 2 0"]


@pytest.mark.committed
async def test_tells_of_each_message(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market.app.state.streams, "longest", streaming.LONGEST)
    message = await make_message(market)
    await notify(market)
    cookie = (await browser_of(market, message.offer.owner)).client.cookies[SESSION]
    headers = {"Cookie": f"{SESSION}={cookie}"}
    async with (
        listening(market.app) as port,
        listening_to(f"http://127.0.0.1:{port}{PATH}", headers) as stream,
    ):
        for count in (1, 2, 3):  # the second may still be found by the first look
            events = await stream.until(count)
            await make_message(market, message.offer)
            await notify(market)
    assert [it.data.split()[-1] for it in events] == ["1", "2", "3"]
