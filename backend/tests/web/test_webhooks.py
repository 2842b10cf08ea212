"""Webhooks on pages."""

import re
from typing import Any

import pytest

from app.db.models.users import UserRole
from app.db.models.webhooks import EventType
from app.web.views.webhooks import SUBJECTS
from dev.receivers import receiver
from tests.factories.browsers import PageShown, browser_of
from tests.factories.users import Market, make_user
from tests.factories.webhooks import (
    URL,
    change,
    hook,
    is_signed,
    make_webhook,
    permit_loopback,
    post_jobs,
    sending,
    until_log,
    until_received,
)

OWN, NEW = "/account/webhooks", "/account/webhooks/new"
SECRET = re.compile(r"<code>(whsec_[^<]+)</code>")


def secret_on(page: PageShown) -> str:
    """The secret that a page shows."""
    found = SECRET.search(page.response.text)
    assert found
    return found[1]


def test_each_subject_has_a_heading() -> None:
    assert set(SUBJECTS) == {it.partition(".")[0] for it in EventType.all()}


class TestMaking:
    async def test_offers_all_events_by_their_subjects(self, market: Market) -> None:
        text = (await (await browser_of(market, await make_user(market))).open(NEW)).text
        assert "Jobs cleaning.created cleaning.edited" in text
        assert [it for it in EventType.all() if f" {it} " not in text] == []

    async def test_shows_the_secret_once(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        assert "No webhooks" in (await browser.open(OWN)).text
        page = await browser.open(NEW)
        page = await browser.send(page, NEW, url=URL, events=["offer.created", "offer.edited"])
        secret = secret_on(page)
        (made,) = await user.items("/webhooks")
        assert (made["url"], made["events"]) == (URL, ["offer.created", "offer.edited"])
        path = f"{OWN}/{made['id']}"
        assert path in page.links
        assert secret not in (await browser.open(path)).response.text
        assert path in (await browser.open(OWN)).links

    async def test_says_what_is_missing(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.send(await browser.open(NEW), NEW, 422, url="hooks.example")
        assert set(page.problems) == {"url", "events"}

    async def test_for_the_whole_market_is_offered_to_superusers(self, market: Market) -> None:
        def fields(page: PageShown) -> dict[str, Any]:
            return dict(page.form(NEW).fields)

        member = await browser_of(market, await make_user(market))
        assert "market_wide" not in fields(await member.open(NEW))
        superuser = await browser_of(market, await make_user(market, role=UserRole.SUPERUSER))
        assert "market_wide" in fields(await superuser.open(NEW))


class TestChanging:
    async def test_changes_the_url_and_the_events(self, market: Market) -> None:
        webhook = await make_webhook(market)
        browser, path = await browser_of(market, webhook.owner), f"/account{webhook.path}"
        page = await browser.open(f"{path}/edit")
        assert ("url", URL) in page.form(f"{path}/edit").fields
        url = "https://hooks.example/others"
        page = await browser.send(page, f"{path}/edit", url=url, events=["booking.reported"])
        assert "The webhook is changed." in page.text
        shown = await webhook.shown()
        assert (shown["url"], shown["events"]) == (url, ["booking.reported"])

    async def test_switches_off_and_on(self, market: Market) -> None:
        webhook = await make_webhook(market)
        browser, path = await browser_of(market, webhook.owner), f"/account{webhook.path}"
        page = await browser.open(path)
        page = await browser.send(page, f"{path}/switch", enabled="false")
        assert "You have switched it off." in page.text
        assert (await webhook.shown())["enabled"] is False
        await browser.send(page, f"{path}/switch", enabled="true")
        assert (await webhook.shown())["enabled"] is True

    async def test_says_why_it_is_off(self, market: Market) -> None:
        webhook = await make_webhook(market)
        await webhook.owner.patch(webhook.path, {"enabled": False})
        await change(market, disabled_reason="gone")
        page = await (await browser_of(market, webhook.owner)).open(OWN)
        assert "Its receiver has answered that it is gone (410)." in page.text

    async def test_deletes(self, market: Market) -> None:
        webhook = await make_webhook(market)
        browser, path = await browser_of(market, webhook.owner), f"/account{webhook.path}"
        page = await browser.send(await browser.open(path), f"{path}/deletion")
        assert "The webhook is deleted." in page.text
        assert await webhook.owner.items("/webhooks") == []


class TestTheLog:
    @pytest.mark.committed
    async def test_shows_outcomes_and_sends_events_again(self, market: Market) -> None:
        permit_loopback(market)
        async with receiver() as server, sending(market):
            webhook = await hook(market, server)
            browser, path = await browser_of(market, webhook.owner), f"/account{webhook.path}"
            page = await browser.send(await browser.open(path), f"{path}/secret")
            secret = secret_on(page)
            await post_jobs(market, webhook.owner, 2)
            first, last = (it["position"] for it in await until_received(server, 2))
            assert is_signed(server.received[0], secret)
            await until_log(webhook, position=last, status=200)
            page = await browser.open(path)
            assert page.text.count("Received") == 2
            assert "Status 200" in page.text
            page = await browser.send(page, f"{path}/repetition", position=str(first))
            assert "The event is sent once more." in page.text
            assert (await until_received(server, 3))[-1]["position"] == first
            page = await browser.send(page, f"{path}/replay", position=str(first))
            again = (await until_received(server, 5))[-2:]
            assert [it["position"] for it in again] == [first, last]
            await browser.send(page, f"{path}/test")
            assert (await until_received(server, 6))[-1]["type"] == "webhook.test"

    async def test_says_what_is_wrong_with_a_position(self, market: Market) -> None:
        webhook = await make_webhook(market)
        browser, path = await browser_of(market, webhook.owner), f"/account{webhook.path}"
        await webhook.owner.post(f"{webhook.path}/test-events")
        page = await browser.send(await browser.open(path), f"{path}/replay", 422, position="0")
        assert set(page.problems) == {"position"}
