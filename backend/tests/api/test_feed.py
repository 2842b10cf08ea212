"""The feed of what happens to jobs."""

from typing import Any

import pytest
from httpx import AsyncClient

from tests.factories.cleanings import make_cleaning
from tests.factories.scenes import make_scene
from tests.factories.users import Actor, Market, block, make_user

FEED = "/feed/cleanings"


async def make_events(market: Market, owner: Actor) -> list[str]:
    """Seven events of four jobs; returns their kinds and jobs, newest first."""
    for name in "AB":
        job = await make_cleaning(market, owner, name=name)
        await owner.patch(job.path, {"duration": 60})
    await make_cleaning(market, owner, name="C")
    job = await make_cleaning(market, owner, name="D")
    await owner.post(f"{job.path}/cancellation")
    return [
        "cancelled D",
        "created D",
        "created C",
        "edited B",
        "created B",
        "edited A",
        "created A",
    ]


def said(items: list[Any]) -> list[str]:
    """What happened to which job."""
    return [f"{item['kind']} {item['cleaning']['name']}" for item in items]


class TestTheFeed:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(FEED)).status_code == 401

    async def test_of_a_market_in_which_nothing_has_happened(self, market: Market) -> None:
        response = await (await make_user(market)).get(FEED)
        assert response.json() == {"items": [], "next_cursor": None}

    @pytest.mark.parametrize(
        ("story", "kinds"),
        [
            ("", "created"),
            ("owner edit_cleaning, owner edit_cleaning", "edited edited created"),
            ("owner accept_offer", "booked created"),
            ("owner accept_offer, owner complete_booking", "completed booked created"),
            ("owner cancel_cleaning", "cancelled created"),
            ("owner accept_offer, owner cancel_cleaning", "cancelled booked created"),
            ("owner accept_offer, cleaner cancel_booking", "booked created"),
            ("owner accept_offer, clock start, owner miss_booking", "booked created"),
            ("clock start, clock tick", "expired created"),
            ("owner reject_offer, rival revise_offer rival, rival withdraw_offer rival", "created"),
        ],
    )
    async def test_says_each_thing_once_and_the_newest_first(
        self, market: Market, story: str, kinds: str
    ) -> None:
        scene = await make_scene(market, story)
        items = await scene.stranger.items(FEED)
        assert " ".join(item["kind"] for item in items) == kinds
        times = [item["created_at"] for item in items]
        assert times == sorted(times, reverse=True)

    async def test_shows_the_job_as_it_is_now(self, market: Market) -> None:
        scene = await make_scene(
            market, "owner edit_cleaning, cleaner renew_offer, owner accept_offer"
        )
        jobs = await scene.stranger.items("/cleanings", status="any")
        items = await scene.stranger.items(FEED)
        assert [item["cleaning"] for item in items] == jobs * 3
        assert jobs[0]["owner"] == scene.job.data["owner"]
        assert (jobs[0]["status"], jobs[0]["offer_count"]) == ("booked", 1)

    async def test_in_parts_is_the_whole(self, market: Market) -> None:
        owner = await make_user(market)
        expected = await make_events(market, owner)
        for limit in (1, 3, 7):
            assert said(await owner.items(FEED, limit=limit)) == expected

    async def test_goes_on_where_it_was_while_more_happens(self, market: Market) -> None:
        owner = await make_user(market)
        expected = await make_events(market, owner)
        params: dict[str, Any] = {"limit": 2}
        items = []
        while params.get("cursor", "first"):
            page = (await owner.get(FEED, params=params)).json()
            items += page["items"]
            params["cursor"] = page["next_cursor"]
            newer = await make_cleaning(market, owner, name="E")
            await owner.patch(newer.path, {"duration": 60})
        assert said(items) == expected
        assert len({item["id"] for item in items}) == len(expected)

    async def test_leaves_out_jobs_that_are_hidden(self, market: Market) -> None:
        owner, blocked = await make_user(market), await make_user(market)
        await make_cleaning(market, owner, name="A")
        deleted = await make_cleaning(market, owner, name="B")
        await make_cleaning(market, blocked, name="C")
        await make_cleaning(market, owner, name="D")
        await owner.delete(deleted.path)
        await block(market, blocked)
        assert said(await owner.items(FEED, limit=1)) == ["created D", "created A"]
