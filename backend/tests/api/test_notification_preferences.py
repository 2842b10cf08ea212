"""Preferences of notifications: reading and changing them, and the list that follows them."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.notification_kinds import Group
from tests.factories.notification_preferences import PATH, prefer
from tests.factories.notifications import notifications, notify
from tests.factories.offers import make_offer
from tests.factories.questions import make_question
from tests.factories.users import Market, make_user
from tests.invariants import assert_invariants

APP = dict.fromkeys(Group, True)
MAIL = dict.fromkeys(Group, "at_once") | {"security": "off"}
DEFAULTS = {
    "app": APP,
    "mail": MAIL,
    "email_verified": False,
    "email_refused": False,
    "time_zone": None,
    "quiet_from": None,
    "quiet_until": None,
    "digest_hour": 8,
}


class TestReading:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(PATH)).status_code == 401

    async def test_shows_the_defaults_of_those_who_have_chosen_nothing(
        self, market: Market
    ) -> None:
        response = await (await make_user(market)).get(PATH)
        assert response.json() == DEFAULTS
        assert response.headers["ETag"] == '"1"'


class TestChanging:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.patch(PATH, json={})).status_code == 401

    async def test_keeps_all_that_is_left_out(self, market: Market) -> None:
        actor = await make_user(market)
        await prefer(actor, mail={"offers": "daily"}, quiet_from="22:00", quiet_until="07:00")
        changed = await prefer(actor, app={"orders": False}, mail={"orders": "off"})
        assert changed == {
            **DEFAULTS,
            "app": APP | {"orders": False},
            "mail": MAIL | {"offers": "daily", "orders": "off"},
            "quiet_from": "22:00",
            "quiet_until": "07:00",
        }
        back = {"app": APP, "mail": MAIL, "quiet_from": None, "quiet_until": None}
        assert await prefer(actor, **back) == DEFAULTS

    async def test_is_of_one_user_only(self, market: Market) -> None:
        await prefer(await make_user(market), mail={"offers": "off"})
        assert (await (await make_user(market)).get(PATH)).json() == DEFAULTS

    async def test_honours_the_version(self, market: Market) -> None:
        actor = await make_user(market)
        change, first = {"digest_hour": 9}, {"If-Match": '"1"'}
        response = await actor.patch(PATH, change, headers=first)
        assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
        response = await actor.patch(PATH, {"digest_hour": 10}, headers=first)
        assert response.status_code == 412

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"app": {"staff": False}}, "app"),
            ({"mail": {"staff": "off"}}, "mail"),
            ({"app": {"security": False}}, "app"),
            ({"mail": {"security": "at_once"}}, "mail"),
            ({"mail": {"offers": "hourly"}}, "mail"),
            ({"mail": {"others": "off"}}, "mail"),
            ({"time_zone": "Europe/Atlantis"}, "time_zone"),
            ({"time_zone": "localtime"}, "time_zone"),
            ({"quiet_from": "22:00"}, "quiet_until"),
            ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
            ({"quiet_from": "24:00", "quiet_until": "07:00"}, "quiet_from"),
            ({"digest_hour": 24}, "digest_hour"),
        ],
    )
    async def test_refuses_other_values(
        self, market: Market, changes: dict[str, Any], field: str
    ) -> None:
        response = await (await make_user(market)).patch(PATH, changes)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]

    async def test_lets_acts_of_the_operator_be_mailed_daily(self, market: Market) -> None:
        changed = await prefer(await make_user(market), mail={"staff": "daily"})
        assert changed["mail"]["staff"] == "daily"


class TestTheList:
    async def test_leaves_out_and_does_not_count_what_is_off(self, market: Market) -> None:
        offer = await make_offer(market)
        await notify(market)
        await prefer(offer.owner, app={"offers": False})
        await make_offer(market, offer.job)
        await make_question(market, offer.job)
        await notify(market)
        shown = await notifications(offer.owner)
        assert [it["kind"] for it in shown] == ["offer_received", "question_asked"]
        mark = (await offer.owner.get("/notifications/read-mark")).json()
        assert mark["unread"] == 2
        response = await offer.owner.put(
            "/notifications/read-mark", {"position": shown[0]["position"]}
        )
        assert response.json()["unread"] == 1
        await assert_invariants(market.app)
