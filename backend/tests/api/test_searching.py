"""Jobs: searched by their words."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.db.models.cleanings import Cleaning
from app.db.models.fields import now
from tests.factories.cleanings import make_cleaning, names
from tests.factories.users import Actor, Market, make_user


async def post_many(market: Market, owner: Actor, count: int, **columns: Any) -> list[str]:
    """Many jobs that all say `oven` once; returns their ids."""
    columns |= {"owner_id": owner.id, "name": "Oven", "price": Decimal(1), "currency": "EUR"}
    columns |= {"language": "en"}
    jobs = [Cleaning(**columns) for _ in range(count)]
    async with market.app.state.database.write() as transaction:
        for job in jobs:
            transaction.add(job)
    return [str(job.id) for job in jobs]


class TestWords:
    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("oven", ["Oven scrub"]),
            ("OVENS", ["Oven scrub"]),
            ("scrubbing ovens", ["Oven scrub"]),
            ("scrubbed the oven", ["Oven scrub"]),
            ("greasing", ["Oven scrub"]),  # stands in the description
            ("oven greased", ["Oven scrub"]),  # one word here, the other there
            ("kitchen", ["Kitchen floor", "Oven scrub"]),
            ("oven floor", []),
            ("oven or floor", ["Kitchen floor", "Oven scrub"]),
            ("kitchen -oven", ["Kitchen floor"]),
            ('"oven scrub"', ["Oven scrub"]),
            ('"scrub oven"', []),
            ("ove", ["Oven scrub"]),  # the beginning of a word
            ("ov", []),
            ("windows", []),
        ],
    )
    async def test_are_found_in_all_their_forms(
        self, market: Market, q: str, found: list[str]
    ) -> None:
        job = await make_cleaning(market, name="Oven scrub", description="Grease on kitchen walls")
        await make_cleaning(market, name="Kitchen floor")
        assert await names(job.owner, q=q, sort="newest") == found
        assert sorted(await names(job.owner, q=q)) == found

    @pytest.mark.parametrize(
        ("name", "words", "others"),
        [
            (
                "Kitchen/bathroom floor",
                ["kitchen", "bathroom", "kitchen/bathroom", "bathroom/floor", '"bathroom floor"'],
                ["bathroom/kitchen", "kitchen/floor", "-kitchen/bathroom floor", "-bathroom floor"],
            ),
            ("Write to anna@example.com", ["anna", "example", "anna@example.com"], ["anna@com"]),
            ("As on house.example/oven.html", ["house", "oven", "example/oven"], ["oven/house"]),
            ("Room-2, flat (3)", ["2", "flat", "3", "room-2"], ["room-3"]),
            ("<b>Oven</b> & <hood>", ["oven", "hood"], ["html"]),
        ],
    )
    async def test_are_found_however_they_are_joined(
        self, market: Market, name: str, words: list[str], others: list[str]
    ) -> None:
        job = await make_cleaning(market, name=name)
        for q in words:
            assert await names(job.owner, q=q) == [name], q
        for q in others:
            assert await names(job.owner, q=q) == [], q

    async def test_that_say_nothing_find_nothing(self, market: Market) -> None:
        job = await make_cleaning(market, name="The one and only")
        page = await job.owner.get("/cleanings", params={"q": "the and of"})
        assert page.json() == {"items": [], "next_cursor": None, "hint": "only_stop_words"}

    @pytest.mark.parametrize(
        "q",
        [
            "'\"&|!()",
            "'",
            '"',
            "-",
            "-oven",
            "or",
            ":*",
            "<->",
            "\\",
            "%",
            "' OR 1=1 --",
            "$1",
            "🧹",
        ],
    )
    async def test_of_any_form_are_no_error(self, market: Market, q: str) -> None:
        job = await make_cleaning(market, name="Kitchen floor")
        response = await job.owner.get("/cleanings", params={"q": q})
        assert response.status_code == 200
        found = ["Kitchen floor"] if q == "-oven" else []
        assert [item["name"] for item in response.json()["items"]] == found

    async def test_are_those_that_the_job_has_now(self, market: Market) -> None:
        job = await make_cleaning(market, name="Oven")
        await job.owner.patch(job.path, {"name": "Window", "price": 60})
        assert await names(job.owner, q="oven") == []
        assert await names(job.owner, q="window") == ["Window"]
        await job.owner.patch(job.path, {"description": "A lattice"})
        assert await names(job.owner, q="window lattice") == ["Window"]
        await job.owner.patch(job.path, {"price": 50})
        assert await names(job.owner, q="window lattice") == ["Window"]


class TestRanking:
    async def test_puts_the_best_match_first(self, market: Market) -> None:
        owner = await make_user(market)
        await make_cleaning(market, owner, name="Three", description="oven, oven, oven")
        await make_cleaning(market, owner, name="One", description="oven")
        await make_cleaning(market, owner, name="Two", description="oven, oven")
        assert await names(owner, q="oven") == ["Three", "Two", "One"]

    async def test_puts_the_newest_first_among_equals(self, market: Market) -> None:
        owner = await make_user(market)
        ids = await post_many(market, owner, 3)
        found = await owner.items("/cleanings", q="oven", limit=1)
        assert [item["id"] for item in found] == ids[::-1]

    @pytest.mark.parametrize(("sort", "found"), [("oldest", "ABC"), ("price", "CAB")])
    async def test_gives_way_to_a_sort(self, market: Market, sort: str, found: str) -> None:
        owner = await make_user(market)
        await make_cleaning(market, owner, name="A", description="oven", price=2)
        await make_cleaning(market, owner, name="B", description="oven, oven", price=3)
        await make_cleaning(market, owner, name="C", description="oven", price=1)
        assert "".join(await names(owner, q="oven", sort=sort)) == found
        assert "".join(await names(owner, q="oven", sort=sort, limit=1)) == found

    async def test_looks_at_the_newest_two_hundred_matches(self, market: Market) -> None:
        best = await make_cleaning(market, name="Oven", description="oven, oven, oven")
        ids = await post_many(market, best.owner, 199)
        found = await best.owner.items("/cleanings", q="oven", limit=100)
        assert [item["id"] for item in found] == [best.data["id"], *ids[::-1]]
        await make_cleaning(market, best.owner, name="Oven")
        assert len(await names(best.owner, q="oven", limit=100)) == 200
        assert best.data["id"] not in {
            item["id"] for item in await best.owner.items("/cleanings", q="oven", limit=100)
        }

    async def test_has_no_place_among_them_for_jobs_that_are_deleted(self, market: Market) -> None:
        job = await make_cleaning(market, name="Old oven")
        await post_many(market, job.owner, 200, deleted_at=now())
        assert await names(job.owner, q="oven") == ["Old oven"]

    async def test_has_no_place_among_them_for_jobs_of_the_blocked(self, market: Market) -> None:
        job = await make_cleaning(market, name="Old oven")
        blocked = await make_user(market, blocked_at=now())
        await post_many(market, blocked, 200)
        assert await names(job.owner, q="oven") == ["Old oven"]


class TestPages:
    async def test_lose_and_repeat_nothing_while_jobs_are_posted(self, market: Market) -> None:
        owner = await make_user(market)
        ids = await post_many(market, owner, 200)
        params = {"q": "oven", "limit": "100"}
        first = (await owner.get("/cleanings", params=params)).json()
        await make_cleaning(market, owner, name="Oven", description="oven, oven, oven")
        rest = await owner.items("/cleanings", cursor=first["next_cursor"], **params)
        assert [item["id"] for item in first["items"] + rest] == ids[::-1]

    async def test_are_complete_among_matches_of_several_ranks(self, market: Market) -> None:
        owner = await make_user(market)
        for times in (1, 3, 2, 3, 1, 2):
            await make_cleaning(market, owner, name="Job", description="oven " * times)
        whole = (await owner.get("/cleanings", params={"q": "oven"})).json()["items"]
        assert [item["description"].count("oven") for item in whole] == [3, 3, 2, 2, 1, 1]
        for limit in (1, 2, 4):
            assert await owner.items("/cleanings", q="oven", limit=limit) == whole

    async def test_are_of_the_filters_that_they_were_asked_with(self, market: Market) -> None:
        owner = await make_user(market)
        soon = (now() + timedelta(hours=1)).isoformat()
        for price in (10, 20, 30, 40):
            await make_cleaning(market, owner, name=f"Oven {price}", price=price, starts_at=soon)
        found = await names(owner, q="oven", min_price=15, max_price=30, limit=1, owner="me")
        assert found == ["Oven 30", "Oven 20"]
