"""Jobs: filtered, sorted, and read part by part."""

from typing import Any

import pytest
from httpx import AsyncClient

from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import make_cleaning, names
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, make_user

SORTS = ["newest", "oldest", "price", "-price"]


async def post_five(market: Market, owner: Actor) -> None:
    """Five jobs of three prices."""
    for name, price in [("A", 20), ("B", 10), ("C", 20), ("D", 30), ("E", 10)]:
        await make_cleaning(market, owner, name=name, price=price)


class TestFilters:
    async def test_need_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/cleanings")).status_code == 401

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, "DCBA"),
            ({"cleaning_type": "dust_up"}, "DA"),
            ({"min_price": 0}, "DCBA"),
            ({"min_price": "20.00"}, "DCB"),
            ({"min_price": "20.01"}, "C"),
            ({"max_price": 20}, "DBA"),
            ({"max_price": "19.99"}, "A"),
            ({"max_price": 0}, ""),
            ({"min_price": 20, "max_price": 20}, "DB"),
            ({"min_price": 30, "max_price": 20}, ""),
            ({"area": "old town"}, "DA"),
            ({"area": "OLD TOWN"}, "DA"),
            ({"area": "Old"}, ""),
            ({"area": "Old%"}, ""),
            ({"starts_after": "2100-01-31T23:59:59Z"}, "B"),
            ({"starts_after": "2100-02-01T11:00:00+01:00"}, "B"),
            ({"starts_after": "2100-02-01T11:00:01+01:00"}, ""),
            ({"starts_before": "2100-02-01T11:00:00+01:00"}, "A"),
            ({"starts_before": "2100-02-01T00:00:00Z"}, "A"),
            ({"starts_after": "2099-12-31T00:00:00Z", "starts_before": "2100-02-28T00:00Z"}, "BA"),
            ({"cleaning_type": "dust_up", "min_price": 20, "area": "old TOWN"}, "D"),
            ({"q": "room", "cleaning_type": "dust_up", "max_price": 10}, "A"),
            ({"q": "room", "area": "Harbour", "starts_after": "2100-01-01T00:00:00Z"}, "B"),
        ],
    )
    async def test_must_all_match(
        self, market: Market, filters: dict[str, Any], found: str
    ) -> None:
        jobs: list[dict[str, Any]] = [
            {"name": "A", "cleaning_type": "dust_up", "price": 10, "area": "Old Town"},
            {"name": "B", "price": 20, "area": "Harbour"},
            {"name": "C", "cleaning_type": "full_clean", "price": 30},
            {"name": "D", "cleaning_type": "dust_up", "price": 20, "area": "old town"},
        ]
        jobs[0]["starts_at"] = "2100-01-01T10:00:00Z"
        jobs[1]["starts_at"] = "2100-02-01T10:00:00Z"
        owner = await make_user(market)
        for job in jobs:
            await make_cleaning(market, owner, description="A room", **job)
        assert "".join(await names(owner, sort="newest", **filters)) == found

    @pytest.mark.parametrize("offset", ["+02:00", " 02:00", "%2B02:00"])
    async def test_take_a_space_for_the_plus_that_it_was(self, market: Market, offset: str) -> None:
        job = await make_cleaning(market, starts_at="2100-01-01T10:00:00Z")
        for name in ("starts_after", "starts_before"):
            found = await job.owner.get(f"/cleanings?{name}=2100-01-01T12:00:00.5{offset}")
            assert found.status_code == 200, found.text
            assert bool(found.json()["items"]) == (name == "starts_before")

    @pytest.mark.parametrize("moment", ["2100-01-01T12:00:00 0200", "2100-01-01T12:00:00  02:00"])
    async def test_take_no_other_space(self, market: Market, moment: str) -> None:
        user = await make_user(market)
        assert (await user.get(f"/cleanings?starts_after={moment}")).status_code == 422

    @pytest.mark.parametrize(
        ("status", "found"),
        [
            (None, ["Open"]),
            ("open", ["Open"]),
            ("booked", ["Booked"]),
            ("completed", ["Completed"]),
            ("cancelled", ["Cancelled"]),
            ("any", ["Cancelled", "Completed", "Booked", "Open"]),
        ],
    )
    async def test_by_status(self, market: Market, status: str | None, found: list[str]) -> None:
        await make_cleaning(market, name="Open")
        booked = await make_cleaning(market, name="Booked")
        await make_booking(market, await make_offer(market, booked))
        completed = await make_cleaning(market, name="Completed")
        await make_finished_booking(market, await make_offer(market, completed))
        cancelled = await make_cleaning(market, name="Cancelled")
        await cancelled.owner.post(f"{cancelled.path}/cancellation")
        filters = {"status": status} if status else {}
        assert await names(cancelled.owner, **filters) == found

    async def test_by_owner(self, market: Market) -> None:
        anna = await make_user(market, username="Anna-Ark", email="anna@example.com")
        await make_cleaning(market, anna, name="A")
        other = (await make_cleaning(market, name="B")).owner
        for owner in ("Anna-Ark", "anna-ark", "ANNA-ARK", str(anna.id)):
            assert await names(other, owner=owner) == ["A"]
        assert await names(anna, owner="me") == ["A"]
        assert await names(other, owner="me") == ["B"]
        assert await names(other, owner="nobody") == []


class TestSorting:
    @pytest.mark.parametrize(
        ("sort", "found"),
        [(None, "EDCBA"), ("newest", "EDCBA"), ("oldest", "ABCDE"), ("price", "BEACD")],
    )
    async def test_orders_the_jobs(self, market: Market, sort: str | None, found: str) -> None:
        owner = await make_user(market)
        await post_five(market, owner)
        params = {"sort": sort} if sort else {}
        assert "".join(await names(owner, **params)) == found

    async def test_by_falling_price_reverses_the_order_by_price(self, market: Market) -> None:
        owner = await make_user(market)
        await post_five(market, owner)
        assert "".join(await names(owner, sort="-price")) == "DCAEB"


class TestPages:
    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize("limit", [1, 2, 4, 5])
    async def test_together_are_the_whole_list(self, market: Market, sort: str, limit: int) -> None:
        owner = await make_user(market)
        await post_five(market, owner)
        whole = await owner.get("/cleanings", params={"sort": sort})
        assert whole.json()["next_cursor"] is None
        assert len(whole.json()["items"]) == 5
        parts = await owner.items("/cleanings", sort=sort, limit=limit)
        assert parts == whole.json()["items"]

    @pytest.mark.parametrize(
        ("sort", "found"),
        [
            ("newest", ["E", "D", "C", "B", "A"]),
            ("oldest", ["A", "B", "C", "D", "E", "cheap", "middling", "dear"]),
            ("price", ["B", "E", "A", "C", "middling", "D", "dear"]),
            ("-price", ["D", "middling", "C", "A", "E", "B", "cheap"]),
        ],
    )
    async def test_lose_and_repeat_nothing_while_jobs_are_posted(
        self, market: Market, sort: str, found: list[str]
    ) -> None:
        owner = await make_user(market)
        await post_five(market, owner)
        params = {"sort": sort, "limit": "1"}
        first = (await owner.get("/cleanings", params=params)).json()
        for name, price in [("cheap", 5), ("middling", 20), ("dear", 40)]:
            await make_cleaning(market, owner, name=name, price=price)
        rest = await names(owner, cursor=first["next_cursor"], **params)
        assert [first["items"][0]["name"], *rest] == found

    async def test_hold_twenty_jobs_unless_asked_otherwise(self, market: Market) -> None:
        owner = await make_user(market)
        for _ in range(21):
            await make_cleaning(market, owner)
        page = (await owner.get("/cleanings")).json()
        assert len(page["items"]) == 20
        assert page["next_cursor"] is not None

    async def test_each_job_is_shown_with_its_owner_and_its_offers(self, market: Market) -> None:
        offer = await make_offer(market)
        withdrawn = await make_offer(market, offer.job)
        await withdrawn.cleaner.post(f"{withdrawn.path}/withdrawal")
        page = (await (await make_user(market)).get("/cleanings")).json()
        item = page["items"][0]
        assert item["owner"] == offer.job.data["owner"]
        assert item["offer_count"] == 1
