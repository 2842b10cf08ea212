"""Following the feed: positions, long polling."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from httpx import Response

from app.http.following import WAITS_PER_ACCOUNT
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.stream import sequence
from tests.factories.users import Actor, Market, block, make_user
from tests.processes import PATIENCE

FEED = "/feed/cleanings"


async def follow(actor: Actor, after: int | str = 0, **params: Any) -> dict[str, Any]:
    """The answer to a request for what is behind a position."""
    response = await actor.get(FEED, params={"after": after, **params})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def said(part: dict[str, Any]) -> list[str]:
    """What happened to which job."""
    return [f"{item['kind']} {item['cleaning']['name']}" for item in part["items"]]


class TestFollowing:
    async def test_of_a_market_in_which_nothing_has_happened(self, market: Market) -> None:
        user = await make_user(market)
        assert await follow(user) == {"items": [], "position": 0}

    async def test_has_the_oldest_first_and_each_once(self, market: Market) -> None:
        owner = await make_user(market)
        for name in "ABC":
            await make_cleaning(market, owner, name=name)
        await sequence(market)
        first = await follow(owner, limit=2)
        assert said(first) == ["created A", "created B"]
        assert first["position"] == first["items"][-1]["position"]
        second = await follow(owner, first["position"], limit=2)
        assert said(second) == ["created C"]
        await make_cleaning(market, owner, name="D")
        assert said(await follow(owner, second["position"])) == []  # it is not in the stream yet
        await sequence(market)
        assert said(await follow(owner, second["position"])) == ["created D"]

    async def test_goes_on_behind_events_that_are_not_shown(self, market: Market) -> None:
        job = await make_cleaning(market)
        await sequence(market)
        position = (await follow(job.owner))["position"]
        await make_offer(market, job)
        await sequence(market)
        part = await follow(job.owner, position)
        assert part["items"] == []
        assert part["position"] > position

    async def test_leaves_out_jobs_that_are_hidden(self, market: Market) -> None:
        owner, blocked = await make_user(market), await make_user(market)
        await make_cleaning(market, blocked, name="A")
        deleted = await make_cleaning(market, owner, name="B")
        await make_cleaning(market, owner, name="C")
        await owner.delete(deleted.path)
        await block(market, blocked)
        await sequence(market)
        assert said(await follow(owner)) == ["created C"]

    async def test_says_what_the_newest_first_feed_says(self, market: Market) -> None:
        job = await make_cleaning(market)
        await job.owner.patch(job.path, {"duration": 60})
        await sequence(market)
        items = (await follow(job.owner))["items"]
        newest_first = await job.owner.items(FEED)
        assert [{**it, "position": None} for it in items] == [
            {**it, "position": None} for it in reversed(newest_first)
        ]

    async def test_beyond_the_end_is_refused(self, market: Market) -> None:
        job = await make_cleaning(market)
        await sequence(market)
        end = (await follow(job.owner))["position"]
        response = await job.owner.get(FEED, params={"after": end + 1})
        assert (response.status_code, response.json()["code"]) == (409, "position_unknown")

    async def test_begins_at_the_end(self, market: Market) -> None:
        job = await make_cleaning(market)
        await sequence(market)
        end = (await follow(job.owner))["position"]
        assert await follow(job.owner, "latest") == {"items": [], "position": end}

    async def test_with_a_cursor_is_refused(self, market: Market) -> None:
        owner = await make_user(market)
        for _ in range(2):
            await make_cleaning(market, owner)
        cursor = (await owner.get(FEED, params={"limit": 1})).json()["next_cursor"]
        response = await owner.get(FEED, params={"cursor": cursor, "after": 0})
        assert response.status_code == 422

    async def test_in_parts_is_the_whole(self, market: Market) -> None:
        job = await make_cleaning(market)
        for price in range(51, 56):
            await job.owner.patch(job.path, {"price": str(price)})
        await sequence(market)
        whole = await follow(job.owner)
        part: dict[str, Any] = {"position": 0}
        items: list[Any] = []
        while part["position"] < whole["position"]:
            part = await follow(job.owner, part["position"], limit=1)
            items += part["items"]
        assert items == whole["items"]


@pytest.mark.committed
class TestWaiting:
    @asynccontextmanager
    async def waiting(
        self, actor: Actor, after: int | str, wait: int = 15
    ) -> AsyncIterator[asyncio.Task[Response]]:
        """A request that waits, for the duration of a block."""
        params = {"after": after, "wait": wait}
        task = asyncio.create_task(actor.get(FEED, params=params))
        await asyncio.sleep(0.5)
        yield task
        task.cancel()

    async def position(self, market: Market, actor: Actor) -> int:
        """The end of the stream."""
        await sequence(market)
        end: int = (await follow(actor))["position"]
        return end

    async def test_ends_with_the_next_event(self, market: Market) -> None:
        job = await make_cleaning(market)
        end = await self.position(market, job.owner)
        async with self.waiting(job.owner, end) as task:
            assert not task.done()
            await job.owner.patch(job.path, {"duration": 60})
            await sequence(market)
            response = await asyncio.wait_for(task, 2)
        assert [it["kind"] for it in response.json()["items"]] == ["edited"]

    async def test_begins_at_the_end(self, market: Market) -> None:
        job = await make_cleaning(market)
        await sequence(market)
        async with self.waiting(job.owner, "latest") as task:
            assert not task.done()
            await job.owner.patch(job.path, {"duration": 60})
            await sequence(market)
            response = await asyncio.wait_for(task, 2)
        assert [it["kind"] for it in response.json()["items"]] == ["edited"]

    async def test_ends_for_all_who_wait(self, market: Market) -> None:
        job = await make_cleaning(market)
        readers = [await make_user(market) for _ in range(10)]
        end = await self.position(market, job.owner)
        async with AsyncExitStack() as stack:
            waits = [await stack.enter_async_context(self.waiting(it, end)) for it in readers]
            await job.owner.patch(job.path, {"duration": 60})
            await sequence(market)
            answers = await asyncio.wait_for(asyncio.gather(*waits), 2)
        assert [len(it.json()["items"]) for it in answers] == [1] * 10

    async def test_goes_on_over_events_that_are_not_shown(self, market: Market) -> None:
        job = await make_cleaning(market)
        end = await self.position(market, job.owner)
        async with self.waiting(job.owner, end) as task:
            await make_offer(market, job)
            await sequence(market)
            await asyncio.sleep(0.3)
            assert not task.done()

    async def test_ends_after_the_time_that_was_asked_for(self, market: Market) -> None:
        job = await make_cleaning(market)
        end = await self.position(market, job.owner)
        begun = time.monotonic()
        assert await follow(job.owner, end, wait=1) == {"items": [], "position": end}
        assert 1 <= time.monotonic() - begun < PATIENCE

    async def test_ends_with_the_session(self, market: Market) -> None:
        job, reader = await make_cleaning(market), await make_user(market)
        end = await self.position(market, reader)
        async with self.waiting(reader, end) as task:
            await reader.delete("/auth/token")
            await job.owner.patch(job.path, {"duration": 60})
            await sequence(market)
            response = await asyncio.wait_for(task, 2)
        assert response.status_code == 401

    async def test_ends_when_the_process_is_about_to_stop(self, market: Market) -> None:
        job = await make_cleaning(market)
        end = await self.position(market, job.owner)
        async with self.waiting(job.owner, end) as task:
            market.app.state.draining = True
            try:
                response = await asyncio.wait_for(task, 2)
            finally:
                market.app.state.draining = False
        assert response.json() == {"items": [], "position": end}

    async def test_holds_no_connection(self, market: Market) -> None:
        job = await make_cleaning(market)
        end = await self.position(market, job.owner)
        pool = market.app.state.pool
        async with self.waiting(job.owner, end):
            lent = []
            for _ in range(50):
                lent.append(pool.lent)
                await asyncio.sleep(0.01)
        assert lent.count(0) > 25  # but for the looks at the stream

    async def test_is_limited_per_account(self, market: Market) -> None:
        job = await make_cleaning(market)
        end = await self.position(market, job.owner)
        params = {"after": end, "wait": 2}
        most = WAITS_PER_ACCOUNT.most
        answers = await asyncio.gather(
            *(job.owner.get(FEED, params=params) for _ in range(most + 1))
        )
        assert sorted(it.status_code for it in answers) == [200] * most + [429]
        (refused,) = (it for it in answers if it.status_code == 429)
        assert refused.headers["Retry-After"] == "1"

    async def test_is_not_logged_as_slow(
        self, market: Market, capsys: pytest.CaptureFixture[str]
    ) -> None:
        job = await make_cleaning(market)
        end = await self.position(market, job.owner)
        capsys.readouterr()
        await follow(job.owner, end, wait=2)
        assert "warning" not in capsys.readouterr().out
