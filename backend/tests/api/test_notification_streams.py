"""Streams of notifications: server-sent events over a socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import pytest
from httpx import AsyncClient

from app.db.models import notifications as models
from app.http import streaming
from app.http.streaming import STREAMS_PER_ACCOUNT
from dev.events import events_in
from tests.events import Listening, listening_to
from tests.factories.api_keys import make_api_key
from tests.factories.cleanings import make_cleaning
from tests.factories.notifications import make_notification, notifications, notify
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.users import Actor, Market, block, make_user
from tests.sockets import listening
from tests.statements import recorded

PATH = "/notifications/stream"
SOON = 1.0  # seconds


class TestAStreamThatEndsAtOnce:
    """What the service has sent by then is the same over a socket."""

    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(PATH)).status_code == 401

    async def test_has_all_behind_a_position_oldest_first(self, market: Market) -> None:
        offer = await make_notification(market)
        for price in ("41", "42"):
            await offer.cleaner.patch(offer.path, {"price": price})
        await notify(market)
        first, *others = await notifications(offer.owner)
        response = await offer.owner.get(PATH, headers={"Last-Event-ID": str(first["position"])})
        events = list(events_in(response.text.splitlines()))
        assert [(it.type, json.loads(it.data)) for it in events] == [
            ("notification", it) for it in others
        ]

    async def test_begins_at_the_end_of_the_stream_of_events(self, market: Market) -> None:
        offer = await make_notification(market)
        response = await offer.owner.get(PATH)
        last = (await notifications(offer.owner))[-1]["position"]
        assert response.text.endswith(f"\n\nid: {last}\n\n")
        assert "event:" not in response.text

    async def test_is_none_of_other_users(self, market: Market) -> None:
        offer = await make_notification(market)
        response = await offer.cleaner.get(PATH, headers={"Last-Event-ID": "0"})
        assert "event:" not in response.text

    async def test_is_reset_if_too_much_is_behind(self, market: Market) -> None:
        job = await make_cleaning(market)
        for _ in range(models.MOST_BEHIND + 1):
            await make_offer(market, job)
        await notify(market)
        last = (await notifications(job.owner))[-1]["position"]
        response = await job.owner.get(PATH, headers={"Last-Event-ID": "0"})
        (event,) = events_in(response.text.splitlines())
        assert event == ("reset", str(last), f'{{"position":{last}}}')

    async def test_is_reset_behind_the_end(self, market: Market) -> None:
        offer = await make_notification(market)
        last = (await notifications(offer.owner))[-1]["position"]
        response = await offer.owner.get(PATH, headers={"Last-Event-ID": str(last + 1)})
        (event,) = events_in(response.text.splitlines())
        assert (event.type, event.id) == ("reset", str(last))


@pytest.mark.committed
class TestAStream:
    @pytest.fixture(autouse=True)
    async def address(self, market: Market, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
        """The service at an address, with streams that do not end by themselves."""
        monkeypatch.setattr(market.app.state.streams, "longest", streaming.LONGEST)
        async with listening(market.app) as port:
            self.url = f"http://127.0.0.1:{port}/api/v1{PATH}"
            yield
        async with asyncio.timeout(2):
            while len(market.app.state.streams):  # noqa: ASYNC110 (nothing notifies)
                await asyncio.sleep(0.01)

    def listening(self, actor: Actor, after: str = "") -> AbstractAsyncContextManager[Listening]:
        """An open stream of a user."""
        headers = {"Authorization": f"Bearer {actor.token}"}
        return listening_to(self.url, headers | ({"Last-Event-ID": after} if after else {}))

    async def change(self, market: Market, offer: MadeOffer, price: int) -> None:
        """Tells the owner of an offer of its change."""
        await offer.cleaner.patch(offer.path, {"price": str(price)})
        await notify(market)

    async def test_tells_of_events_as_they_come(self, market: Market) -> None:
        offer = await make_notification(market)
        async with self.listening(offer.owner) as stream, self.listening(offer.cleaner) as other:
            await self.change(market, offer, 41)
            await stream.until(1)
            await self.change(market, offer, 42)
            events = await stream.until(2)
            _, *told = await notifications(offer.owner)
            assert [(it.type, json.loads(it.data)) for it in events] == [
                ("notification", it) for it in told
            ]
            assert other.events == []
            assert not stream.has_ended

    async def test_goes_on_where_another_has_ended(self, market: Market) -> None:
        offer = await make_notification(market)
        async with self.listening(offer.owner) as stream:
            last = stream.parser.last_id
        await self.change(market, offer, 41)
        async with self.listening(offer.owner, last) as stream:
            await stream.until(1)
            await self.change(market, offer, 42)
            events = await stream.until(2)
        assert [it.id for it in events] == [
            str(it["position"]) for it in (await notifications(offer.owner))[1:]
        ]

    async def test_ends_with_the_session(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(streaming, "CHECKED_EVERY", 0)
        key = await make_api_key(market)
        blocked, left = await make_user(market), await make_user(market)
        async with AsyncExitStack() as stack:
            ended = [
                await stack.enter_async_context(self.listening(it))
                for it in (blocked, left, key.program)
            ]
            goes_on = await stack.enter_async_context(self.listening(key.owner))
            await block(market, blocked)
            await left.delete("/auth/token")
            await key.owner.delete(key.path)
            for it in ended:
                await it.ended()
            assert not goes_on.has_ended

    async def test_tells_nothing_after_the_session(self, market: Market) -> None:
        offer = await make_notification(market)
        async with self.listening(offer.owner) as stream:
            await offer.owner.delete("/auth/token")
            await self.change(market, offer, 41)
            await stream.ended()
        assert stream.events == []

    async def test_is_limited_per_account(self, market: Market) -> None:
        user = await make_user(market)
        most = STREAMS_PER_ACCOUNT.most
        async with AsyncExitStack() as stack:
            for _ in range(most):
                await stack.enter_async_context(self.listening(user))
            refused = await user.get(PATH)
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
            assert len(market.app.state.streams) == most

    async def test_is_limited_per_process(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(streaming, "MOST_STREAMS", 1)
        async with self.listening(await make_user(market)):
            refused = await (await make_user(market)).get(PATH)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")

    async def test_ends_when_the_process_is_about_to_stop(self, market: Market) -> None:
        async with self.listening(await make_user(market)) as stream:
            market.app.state.draining = True
            try:
                await stream.ended()
            finally:
                market.app.state.draining = False

    async def test_holds_no_connection_and_asks_once_for_all(self, market: Market) -> None:
        users = [await make_user(market) for _ in range(20)]
        async with AsyncExitStack() as stack:
            for user in users:
                await stack.enter_async_context(self.listening(user))
            await asyncio.sleep(SOON)
            pool, lent = market.app.state.pool, []
            async with recorded(market.app) as statements:
                for _ in range(50):
                    lent.append(pool.lent)
                    await asyncio.sleep(0.01)
        assert lent.count(0) > 25
        assert len(statements) < len(users)

    async def test_has_heartbeats(self, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streaming, "QUIET", 0.1)
        async with self.listening(await make_user(market)) as stream:
            await asyncio.sleep(SOON)
            assert stream.parser.heartbeats > 1
