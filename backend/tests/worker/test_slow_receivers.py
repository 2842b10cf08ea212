"""Webhooks whose receivers hang hold up no others, and those of a killed worker are not lost."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from app.db.models.fields import now
from app.db.models.webhooks import LEASE, SLOW_FOR
from dev.receivers import hang, receiver
from tests.factories.users import Market, make_user
from tests.factories.webhooks import (
    change,
    hook,
    permit_loopback,
    post_jobs,
    sending,
    until_received,
)

pytestmark = pytest.mark.committed

HUNG = 30.0  # seconds; long, for machines that have much else to do


@pytest.fixture(autouse=True)
def permitted(market: Market) -> None:
    permit_loopback(market)


class TestSlowReceivers:
    async def test_hold_up_no_others(self, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.worker.outbound.DEADLINE", HUNG)
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(receiver()) for _ in range(50)]
            owner = await make_user(market)
            for number, server in enumerate(servers):
                if number % 5 == 0:
                    server.answer = hang
                owner = await make_user(market) if number % 10 == 0 else owner
                await hook(market, server, owner)
            owners = await market.app.state.database.fetch(
                "SELECT DISTINCT user_id FROM webhook_endpoints", ()
            )
            assert len(owners) == 5
            await change(market, market_wide=True)
            await market.app.state.database.fetch("UPDATE users SET role = 'superuser'", ())
            await post_jobs(market, owner, 4)
            await stack.enter_async_context(sending(market))
            async with asyncio.timeout(HUNG - 5):
                for number, server in enumerate(servers):
                    if number % 5:
                        await until_received(server, 4)
            assert {len(it.received) for it in servers[::5]} <= {0, 1}
            for server in servers[::5]:
                server.close()

    async def test_stay_slow_after_a_fast_answer(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise they would hold up others with each second answer."""
        async with receiver() as server:
            webhook = await hook(market, server)

            async def is_slow(*, after: float) -> bool:
                """Whether it counts as slow after a further answer."""
                monkeypatch.setattr("app.worker.webhooks.SLOW", after)
                await post_jobs(market, webhook.owner)
                async with sending(market):
                    await until_received(server, len(server.received) + 1)
                (row,) = await market.app.state.database.fetch(
                    "SELECT slow FROM webhook_endpoints", ()
                )
                return bool(row["slow"])

            assert await is_slow(after=0.0)
            assert await is_slow(after=HUNG)
            await change(market, slow_at=now() - SLOW_FOR)
            assert not await is_slow(after=HUNG)


class TestAKilledWorker:
    async def test_loses_nothing(self, market: Market) -> None:
        async with receiver() as server:
            webhook = await hook(market, server)
            await post_jobs(market, webhook.owner)
            await change(market, leased_until=now() + LEASE)
            async with sending(market):
                await asyncio.sleep(0.5)
                assert server.received == []
                await change(market, leased_until=now())
                await until_received(server, 1)
