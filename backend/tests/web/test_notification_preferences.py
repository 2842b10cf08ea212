"""Preferences of notifications on pages, and the link in mails that stops them."""

from typing import Any

from app.db.models.notification_kinds import Group
from app.db.models.notification_preferences import DEFAULT_MODES
from app.services.notification_preferences import unsubscribe_token
from app.web.pages.notification_preferences import GROUPS
from tests.factories.browsers import Browser, browser_of
from tests.factories.notification_preferences import PATH, prefer
from tests.factories.users import Actor, Market, make_user

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ALL_OFF = {group: "at_once" if group == Group.STAFF else "off" for group in Group}


def link_of(market: Market, actor: Actor) -> str:
    """The link in the mails to a user."""
    return f"/unsubscribe/{unsubscribe_token(market.safeguards.keyring, actor.id)}"


async def mail_of(actor: Actor) -> dict[str, str]:
    """When the groups are mailed to a user."""
    mail: dict[str, str] = (await actor.get(PATH)).json()["mail"]
    return mail


def test_each_group_has_a_name() -> None:
    assert list(GROUPS) == list(Group)


class TestPreferences:
    async def test_need_a_login(self, market: Market) -> None:
        assert (await Browser(market).open(PATH)).path.startswith("/login")

    async def test_are_shown_and_changed(self, market: Market) -> None:
        actor = await make_user(market)
        before = await prefer(
            actor, app={"orders": False}, mail={"offers": "off"}, time_zone="Antarctica/Troll"
        )
        browser = await browser_of(market, actor)
        page = await browser.open("/notifications")
        assert PATH in page.links
        page = await browser.open(PATH)
        page = await browser.send(page, PATH)
        assert (await actor.get(PATH)).json() == before
        fields: Any = {"mail.offers": "daily", "app.offers": "false", "quiet_from": "22:00"}
        page = await browser.send(page, PATH, quiet_until="07:00", time_zone="", **fields)
        assert "Your preferences are saved." in page.text
        assert (await actor.get(PATH)).json() == {
            **before,
            "app": {**before["app"], "offers": False},
            "mail": {**before["mail"], "offers": "daily"},
            "time_zone": None,
            "quiet_from": "22:00",
            "quiet_until": "07:00",
        }

    async def test_that_do_not_fit_are_refused(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(PATH)
        page = await browser.send(page, PATH, 422, quiet_from="22:00")
        assert page.problems == {"quiet_until": "Enter the beginning and the end, or none."}


class TestUnsubscribing:
    async def test_by_a_mail_program_takes_no_cookie_and_no_origin(self, market: Market) -> None:
        actor, other = [await make_user(market) for _ in range(2)]
        client = Browser(market).client
        client.headers.pop("Sec-Fetch-Site")
        for _ in range(2):
            response = await client.post(link_of(market, actor), data=ONE_CLICK)
            assert response.status_code == 200
        assert await mail_of(actor) == ALL_OFF
        assert await mail_of(other) == DEFAULT_MODES

    async def test_takes_both_media_types_of_forms(self, market: Market) -> None:
        actor = await make_user(market)
        parts = {name: (None, value) for name, value in ONE_CLICK.items()}
        response = await Browser(market).client.post(link_of(market, actor), files=parts)
        assert response.status_code == 200
        assert await mail_of(actor) == ALL_OFF

    async def test_is_not_done_by_opening_the_page(self, market: Market) -> None:
        actor = await make_user(market)
        browser, link = Browser(market), link_of(market, actor)
        page = await browser.open(link)
        assert await mail_of(actor) == DEFAULT_MODES
        page = await browser.send(page, link)
        assert "No more mails about notifications" in page.text
        assert PATH in page.links
        assert await mail_of(actor) == ALL_OFF

    async def test_of_deleted_accounts_changes_nothing(self, market: Market) -> None:
        actor = await make_user(market)
        link = link_of(market, actor)
        await actor.delete("/users/me")
        response = await Browser(market).client.post(link, data=ONE_CLICK)
        assert response.status_code == 200
        rows = await market.app.state.database.fetch("SELECT FROM notification_preferences", ())
        assert rows == []

    async def test_takes_links_of_our_mails_only(self, market: Market) -> None:
        actor = await make_user(market)
        browser, link = Browser(market), link_of(market, actor)
        forged = f"{link[:-4]}AAAA"
        page = await browser.open(forged, 404)
        assert "This link is not one of our mails." in page.text
        assert (await browser.client.post(forged, data=ONE_CLICK)).status_code == 404
        assert await mail_of(actor) == DEFAULT_MODES
