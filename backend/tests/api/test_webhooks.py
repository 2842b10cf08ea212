"""Webhooks: URLs of programs that are sent events."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from app.core.config import Settings
from app.core.outbound import OutboundRules
from app.core.security.keys import Keyring
from app.db.models.fields import now
from app.db.models.kinds import EventKind
from app.db.models.users import UserRole
from app.db.models.webhook_audiences import AUDIENCES, SCOPES
from app.db.models.webhooks import MOST_PER_ACCOUNT, EventType
from app.services.webhooks import PURPOSE
from tests.factories.api_keys import make_api_key
from tests.factories.second_factors import make_careful_member
from tests.factories.sessions import make_login
from tests.factories.users import Market, make_user
from tests.factories.webhooks import PATH, URL, change, make_webhook
from tests.mail import deliver, text_of
from tests.prometheus import Scrape

DRAFT = {"url": URL, "events": ["offer.created"]}


def outside_development(market: Market) -> None:
    market.replace_safeguards(outbound=OutboundRules(unencrypted=False, networks=()))


class TestMaking:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post(PATH, json=DRAFT)).status_code == 401

    async def test_gives_a_secret_once(self, market: Market) -> None:
        webhook = await make_webhook(market)
        assert webhook.data["secret"].startswith("whsec_")
        shown = await webhook.shown()
        assert "secret" not in shown
        assert shown["url"] == URL
        assert (shown["enabled"], shown["key_id"], shown["position"]) == (True, None, 0)

    async def test_keeps_the_secret_encrypted(self, market: Market) -> None:
        await make_webhook(market)
        (row,) = await market.app.state.database.fetch("SELECT * FROM webhook_endpoints", ())
        keyring = Keyring(*Settings(environment="development").secret_keys)
        assert len(keyring.decrypt(PURPOSE, row["secret"], bound_to=row["id"].bytes)) == 32

    async def test_tells_the_owner_by_mail(self, market: Market) -> None:
        webhook = await make_webhook(market)
        (mail,) = await deliver(market)
        assert mail["To"] == webhook.owner.email
        assert "hooks.example" in text_of(mail)

    async def test_is_limited(self, market: Market) -> None:
        user = await make_user(market)
        for _ in range(MOST_PER_ACCOUNT):
            await make_webhook(market, user)
        response = await user.post(PATH, DRAFT)
        assert (response.status_code, response.json()["code"]) == (409, "too_many_webhooks")

    @pytest.mark.parametrize(
        "url",
        [
            *("http://hooks.example", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1"),
            *("https://anna@hooks.example", "https://hooks.example:22", "https://localhost", "x"),
        ],
    )
    async def test_refuses_urls_of_other_servers(self, market: Market, url: str) -> None:
        outside_development(market)
        user = await make_user(market)
        response = await user.post(PATH, {**DRAFT, "url": url})
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["url"]

    @pytest.mark.parametrize("events", [[], ["offer"], ["offer.imagined"], ["webhook.test"]])
    async def test_refuses_unknown_types(self, market: Market, events: list[str]) -> None:
        user = await make_user(market)
        assert (await user.post(PATH, {**DRAFT, "events": events})).status_code == 422

    async def test_names_each_type_once(self, market: Market) -> None:
        types = ["offer.edited", "offer.created", "offer.edited"]
        shown = await (await make_webhook(market, events=types)).shown()
        assert shown["events"] == ["offer.created", "offer.edited"]


class TestTypes:
    def test_have_an_audience_each(self) -> None:
        assert {it.kinds for it in AUDIENCES} == {
            it for it in EventKind.__subclasses__() if it.sent
        }
        assert set(SCOPES) == set(EventType.all())


class TestAKey:
    async def test_makes_webhooks_that_end_with_it(self, market: Market) -> None:
        key = await make_api_key(market, scopes=["write:webhooks", "read:webhooks", "read:offers"])
        webhook = await make_webhook(market, key.program)
        assert (await webhook.shown())["key_id"] == key.data["id"]
        await key.owner.delete(key.path)
        assert await key.owner.items(PATH) == []

    @pytest.mark.parametrize(
        ("type_", "code"),
        [("booking.cancelled", "insufficient_scope"), ("user.edited", "session_needed")],
    )
    async def test_gets_only_what_it_may_read(self, market: Market, type_: str, code: str) -> None:
        key = await make_api_key(market, scopes=["write:webhooks", "read:offers"])
        response = await key.program.post(PATH, {**DRAFT, "events": ["offer.created", type_]})
        assert (response.status_code, response.json()["code"]) == (403, code)
        webhook = await make_webhook(market, key.program)
        for actor in (key.program, key.owner):
            response = await actor.patch(webhook.path, {"events": [type_]})
            assert (response.status_code, response.json()["code"]) == (403, code)

    async def test_sees_only_its_own(self, market: Market) -> None:
        key = await make_api_key(market)
        own, other = [await make_webhook(market, it) for it in (key.program, key.owner)]
        assert [it["id"] for it in await key.program.items(PATH)] == [own.data["id"]]
        assert len(await key.owner.items(PATH)) == 2
        for request in (
            key.program.get(other.path),
            key.program.patch(other.path, {"url": "https://thief.example"}),
            key.program.post(f"{other.path}/secret"),
            key.program.post(f"{other.path}/test-events"),
            key.program.get(f"{other.path}/deliveries"),
            key.program.delete(other.path),
        ):
            response = await request
            assert (response.status_code, response.json()["code"]) == (404, "webhook_not_found")


class TestTheWholeMarket:
    async def test_is_for_superusers(self, market: Market) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        response = await staff.post(PATH, {**DRAFT, "market_wide": True})
        assert (response.status_code, response.json()["code"]) == (403, "superuser_only")

    async def test_needs_a_second_factor(self, market: Market) -> None:
        market.replace_safeguards(staff_needs_second_factor=True)
        member, app, _ = await make_careful_member(market, role=UserRole.SUPERUSER)
        user = await make_user(market, role=UserRole.SUPERUSER)
        response = await user.post(PATH, {**DRAFT, "market_wide": True})
        assert response.json()["code"] == "staff_needs_second_factor"
        login, _ = await make_login(market, member, app.code())
        webhook = await make_webhook(market, login, market_wide=True)
        assert (await webhook.shown())["market_wide"]

    async def test_is_not_for_keys(self, market: Market) -> None:
        user = await make_user(market, role=UserRole.SUPERUSER)
        key = await make_api_key(market, user)
        response = await key.program.post(PATH, {**DRAFT, "market_wide": True})
        assert response.json()["code"] == "session_needed"

    async def test_is_lost_with_the_role(self, market: Market) -> None:
        user = await make_user(market, role=UserRole.SUPERUSER)
        webhook = await make_webhook(market, user, market_wide=True)
        await market.app.state.database.fetch("UPDATE users SET role = 'user'", ())
        response = await user.patch(webhook.path, {"url": "https://other.example"})
        assert response.json()["code"] == "superuser_only"


class TestEditing:
    async def test_changes_the_url_and_the_types(self, market: Market) -> None:
        webhook = await make_webhook(market)
        changes = {"url": "https://other.example/", "events": ["order.placed"]}
        response = await webhook.owner.patch(webhook.path, changes)
        assert response.status_code == 200
        assert changes.items() <= response.json().items()

    async def test_tells_the_owner_of_another_url_by_mail(self, market: Market) -> None:
        webhook = await make_webhook(market)
        await deliver(market)
        for changes in (
            {"events": ["order.placed"]},
            {"url": URL},
            {"url": "https://other.example"},
        ):
            await webhook.owner.patch(webhook.path, changes)
        (mail,) = await deliver(market)
        assert mail["To"] == webhook.owner.email
        assert "other.example" in text_of(mail)

    async def test_of_an_earlier_version(self, market: Market) -> None:
        webhook = await make_webhook(market)
        headers = {"If-Match": '"1"'}
        changes = [{"enabled": enabled} for enabled in (False, True)]
        statuses = [
            (await webhook.owner.patch(webhook.path, it, headers=headers)).status_code
            for it in changes
        ]
        assert statuses == [200, 412]

    async def test_refuses_urls_like_making(self, market: Market) -> None:
        webhook = await make_webhook(market)
        outside_development(market)
        response = await webhook.owner.patch(webhook.path, {"url": "http://hooks.example"})
        assert response.status_code == 422

    async def test_switches_it_off_and_on(self, market: Market) -> None:
        webhook = await make_webhook(market)
        response = await webhook.owner.patch(webhook.path, {"enabled": False})
        assert (response.json()["enabled"], response.json()["disabled_reason"]) == (False, "owner")
        response = await webhook.owner.patch(webhook.path, {"enabled": True})
        assert (response.json()["enabled"], response.json()["disabled_reason"]) == (True, None)


class TestRenewingTheSecret:
    async def test_gives_another(self, market: Market) -> None:
        webhook = await make_webhook(market)
        response = await webhook.owner.post(f"{webhook.path}/secret")
        assert response.json()["secret"] != webhook.data["secret"]


class TestDeleting:
    async def test_takes_it_out_of_the_list(self, market: Market) -> None:
        webhook = await make_webhook(market)
        assert (await webhook.owner.delete(webhook.path)).status_code == 204
        assert await webhook.owner.items(PATH) == []
        assert (await webhook.owner.delete(webhook.path)).status_code == 404


class TestMetrics:
    async def test_tell_how_long_the_first_due_event_waits(self, market: Market) -> None:
        async def late() -> float:
            response = await market.client.get("http://test/metrics")
            return Scrape(response.text).value("marketplace_webhooks_late_seconds")

        await make_webhook(market)
        assert await late() == 0
        await change(market, due_at=now() + timedelta(hours=1))
        assert await late() == 0
        await change(market, due_at=now() - timedelta(seconds=90))
        assert await late() > 60


class TestTheAudit:
    async def test_has_each_act(self, market: Market) -> None:
        webhook = await make_webhook(market)
        await webhook.owner.patch(webhook.path, {"enabled": False})
        await webhook.owner.post(f"{webhook.path}/secret")
        await webhook.owner.delete(webhook.path)
        rows = await market.app.state.database.fetch(
            "SELECT action FROM audit WHERE details ->> 'webhook_id' = $1 ORDER BY id",
            (webhook.data["id"],),
        )
        assert [row["action"] for row in rows] == [
            *("webhook_created", "webhook_changed", "webhook_secret_renewed", "webhook_deleted")
        ]
