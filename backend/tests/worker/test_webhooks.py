"""Webhooks as receivers see them: signed, in order, at least once, and never held up by others."""

import asyncio
from datetime import timedelta

import pytest

from app.db.models.fields import now
from app.db.models.webhooks import RETRIES
from app.worker import webhooks
from dev.receivers import receiver, status
from tests.factories.api_keys import expire_api_key, make_api_key
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Market, block, make_user
from tests.factories.webhooks import (
    KEYS,
    change,
    enter,
    hook,
    is_signed,
    permit_loopback,
    post_jobs,
    sending,
    stored,
    until_log,
    until_received,
)
from tests.invariants import assert_invariants
from tests.mail import deliver, text_of

pytestmark = pytest.mark.committed


@pytest.fixture(autouse=True)
def permitted(market: Market) -> None:
    permit_loopback(market)


class TestMessages:
    async def test_follow_each_other_without_a_pause(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with receiver() as server:
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner, 8)
            monkeypatch.setattr(webhooks, "INTERVAL", 4.0)
            async with sending(market):
                await until_received(server, 8)
                await until_log(webhook, attempts=1, status=200)

    async def test_are_signed(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner)
            await until_received(server, 1)
        (request,) = server.received
        assert request.line == "POST /hook HTTP/1.1"
        assert request.headers["content-type"] == "application/json"
        assert is_signed(request, webhook.data["secret"])
        assert abs(int(request.headers["webhook-timestamp"]) - now().timestamp()) < 60

    async def test_name_their_subject_and_nothing_of_it(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            owner = await make_user(market)
            await hook(market, server, owner)
            job = await make_cleaning(market, owner, name="Secret name")
            await enter(market)
            (content,) = await until_received(server, 1)
        assert content.keys() == {"type", "timestamp", "position", "data"}
        assert content["type"] == "cleaning.created"
        assert content["data"] == {
            "id": job.data["id"],
            "version": 1,
            "cleaning_id": job.data["id"],
        }
        assert b"Secret name" not in server.received[0].body
        assert owner.username.encode() not in server.received[0].body

    async def test_are_signed_twice_after_a_renewal(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            webhook = await hook(market, server)
            renewed = (await webhook.owner.post(f"{webhook.path}/secret")).json()["secret"]
            await post_jobs(market, webhook.owner)
            await until_received(server, 1)
            await change(market, previous_until=now())
            await post_jobs(market, webhook.owner)
            await until_received(server, 2)
        first, second = server.received
        assert is_signed(first, webhook.data["secret"])
        assert is_signed(first, renewed)
        assert is_signed(second, renewed)
        assert not is_signed(second, webhook.data["secret"])

    async def test_come_in_order_and_one_at_a_time(self, market: Market) -> None:
        async with receiver() as server:
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner, 30)
            async with sending(market), sending(market):
                contents = await until_received(server, 30)
        positions = [it["position"] for it in contents]
        assert positions == sorted(positions)
        assert len(set(positions)) == 30
        assert server.connections <= 2
        assert (await webhook.shown())["position"] == positions[-1]
        assert all(it["delivered_at"] for it in await webhook.log())
        await assert_invariants(market.app)

    async def test_are_not_sent_of_blocked_accounts_and_ended_keys(self, market: Market) -> None:
        key = await make_api_key(market)
        async with receiver() as server, sending(market):
            for owner in (await make_user(market), key.program):
                await hook(market, server, owner)
                await post_jobs(market, owner)
                await until_received(server, 1)
                server.received.clear()
                if owner is key.program:
                    await expire_api_key(market, key)
                else:
                    await block(market, owner)
                await market.app.state.database.fetch(
                    "UPDATE webhook_endpoints SET position = 0, due_at = now()", ()
                )
                await asyncio.sleep(0.5)
                assert server.received == []


class TestFailures:
    @pytest.mark.parametrize("code", [301, 302, 400, 404, 500, 503])
    async def test_are_tried_again_with_the_same_message(self, market: Market, code: int) -> None:
        async with receiver() as server, sending(market):
            server.answer = status(code)
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner, 2)
            await until_received(server, 1)
            delivery = await until_log(webhook, attempts=0)
            assert delivery["attempts"] == 0
            await asyncio.sleep(0.3)
            assert len(server.received) == 1
            found = await stored(market)
            assert RETRIES[0] - timedelta(seconds=1) < found["due_at"] - now() < RETRIES[0]
            assert (await webhook.shown())["failing_since"]
            server.answer = status(204)
            await change(market, due_at=now())
            contents = await until_received(server, 3)
        first, again, second = server.received
        assert again.headers["webhook-id"] == first.headers["webhook-id"]
        assert again.body == first.body
        assert second.headers["webhook-id"] != first.headers["webhook-id"]
        assert contents[2]["position"] > contents[1]["position"]
        assert (await webhook.shown())["failing_since"] is None

    async def test_come_ever_later(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            server.answer = status(500)
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner)
            for number, delay in enumerate([*RETRIES, RETRIES[-1]], 1):
                await until_log(webhook, attempts=number)
                wait = (await stored(market))["due_at"] - now()
                assert delay - timedelta(seconds=5) < wait < delay
                await change(market, due_at=now())

    async def test_for_five_days_switch_it_off(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            server.answer = status(500)
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner)
            await until_log(webhook, attempts=1)
            await change(market, failing_since=now() - timedelta(days=5), due_at=now())
            await until_log(webhook, attempts=2)
        shown = await webhook.shown()
        assert (shown["enabled"], shown["disabled_reason"]) == (False, "failing")
        _, mail = await deliver(market)
        assert mail["To"] == webhook.owner.email
        assert "No event could be delivered for five days" in text_of(mail)

    async def test_with_410_switch_it_off_at_once(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            server.answer = status(410)
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner, 2)
            await until_received(server, 1)
            await asyncio.sleep(0.5)
            assert len(server.received) == 1
            assert (await webhook.shown())["disabled_reason"] == "gone"
            assert len(await deliver(market)) == 2
            server.answer = status(200)
            await webhook.owner.patch(webhook.path, {"enabled": True})
            await until_received(server, 3)

    async def test_without_a_response_have_a_reason(self, market: Market) -> None:
        async with receiver() as server:
            webhook = await hook(market, server)
        async with sending(market):
            await post_jobs(market, webhook.owner)
            delivery = await until_log(webhook, attempts=1)
        assert (delivery["status"], delivery["failure"]) == (None, "not_connected")


class TestOnceMore:
    async def test_sends_an_event_of_the_log(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner, 3)
            contents = await until_received(server, 3)
            position = contents[1]["position"]
            await webhook.owner.post(f"{webhook.path}/deliveries/{position}/attempts")
            assert (await until_received(server, 4))[3] == contents[1]
            await asyncio.sleep(0.3)
            assert len(server.received) == 4
        await assert_invariants(market.app)

    async def test_sends_all_events_from_a_position_on(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner, 3)
            contents = await until_received(server, 3)
            position = contents[1]["position"]
            await webhook.owner.post(f"{webhook.path}/replays", {"position": position})
            assert (await until_received(server, 5))[3:] == contents[1:]
        await assert_invariants(market.app)

    async def test_sends_a_test_event_once(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            server.answer = status(500)
            webhook = await hook(market, server)
            for number in (1, 2):
                await webhook.owner.post(f"{webhook.path}/test-events")
                content = (await until_received(server, number))[-1]
                assert (content["type"], content["position"]) == ("webhook.test", 0)
                await until_log(webhook, attempts=number, status=500)
        assert len({it.headers["webhook-id"] for it in server.received}) == 2
        assert (await webhook.shown())["failing_since"] is None

    async def test_is_not_lost_while_a_request_is_under_way(self, market: Market) -> None:
        async with receiver() as server, sending(market):
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner, 2)
            await until_received(server, 2)
            goes_on = asyncio.Event()

            async def wait(writer: asyncio.StreamWriter) -> None:
                await goes_on.wait()
                writer.write(status(200))

            server.answer = wait
            await post_jobs(market, webhook.owner)
            await until_received(server, 3)
            await webhook.owner.post(f"{webhook.path}/replays", {"position": 1})
            goes_on.set()
            contents = await until_received(server, 6)
        assert contents[3:] == contents[:3]


class TestChangingTheSecretKey:
    async def test_converts_secrets(self, market: Market) -> None:
        async with receiver() as server:
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner)
            before = (await stored(market))["secret"]
            async with sending(market, "new key", *KEYS[:1]):
                await until_received(server, 1)
                await until_log(webhook, attempts=1)
            assert (await stored(market))["secret"] != before
            await post_jobs(market, webhook.owner)
            async with sending(market, "new key"):
                await until_received(server, 2)
        assert all(is_signed(it, webhook.data["secret"]) for it in server.received)

    async def test_loses_secrets_of_forgotten_keys(self, market: Market) -> None:
        async with receiver() as server:
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner)
            async with sending(market, "new key"):
                async with asyncio.timeout(20):
                    while (await webhook.shown())["enabled"]:  # noqa: ASYNC110 (no event tells)
                        await asyncio.sleep(0.02)
            assert (await webhook.shown())["disabled_reason"] == "secret_lost"
            assert server.received == []
            assert "Renew it" in text_of((await deliver(market))[-1])
            renewed = (await webhook.owner.post(f"{webhook.path}/secret")).json()["secret"]
            await webhook.owner.patch(webhook.path, {"enabled": True})
            async with sending(market):
                await until_received(server, 1)
        assert is_signed(server.received[0], renewed)
