"""Bookings: listed, read, completed, cancelled, missed."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import date_back, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, make_user

ENDS = ["completion", "cancellation", "no-show"]


async def ids(actor: Actor, **filters: Any) -> list[str]:
    """The bookings that somebody finds in their list."""
    return [item["id"] for item in await actor.items("/bookings", **filters)]


class TestListingBookings:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/bookings")).status_code == 401

    async def test_shows_those_of_both_sides_newest_first(self, market: Market) -> None:
        actor = await make_user(market)
        mine = []
        for _ in range(2):
            job = await make_cleaning(market, actor)
            mine.append(await make_booking(market, await make_offer(market, job)))
            mine.append(await make_booking(market, await make_offer(market, cleaner=actor)))
        await make_booking(market)
        newest_first = [booking.data["id"] for booking in mine][::-1]
        assert await ids(actor) == newest_first
        assert await ids(actor, limit=1) == newest_first
        assert await ids(actor, role="owner", limit=1) == newest_first[1::2]
        assert await ids(actor, role="cleaner", limit=1) == newest_first[::2]

    async def test_shows_them_as_they_are_read(self, market: Market) -> None:
        booking = await make_booking(market)
        assert await booking.cleaner.items("/bookings") == [booking.data]

    @pytest.mark.parametrize(
        ("end", "shown"), [("completion", "3 Mill Lane"), ("cancellation", None), ("no-show", None)]
    )
    async def test_keeps_the_address_to_the_owner_if_it_came_to_nothing(
        self, market: Market, end: str, shown: str | None
    ) -> None:
        job = await make_cleaning(market, address="3 Mill Lane")
        booking = await make_booking(market, await make_offer(market, job))
        path = booking.path
        if end == "no-show":
            await date_back(market, job)
        assert (await booking.cleaner.get(path)).json()["terms"]["address"] == "3 Mill Lane"
        await booking.owner.post(f"{path}/{end}")
        assert (await booking.cleaner.get(path)).json()["terms"]["address"] == shown
        assert (await booking.owner.get(path)).json()["terms"]["address"] == "3 Mill Lane"

    @pytest.mark.parametrize("status", ["scheduled", "completed", "cancelled", "no_show"])
    async def test_of_one_status(self, market: Market, status: str) -> None:
        actor = await make_user(market)
        made = {"scheduled": await make_booking(market, await make_offer(market, cleaner=actor))}
        for end in ENDS:
            offer = await make_offer(market, cleaner=actor)
            booking = await make_finished_booking(market, offer, end)
            made[booking.data["status"]] = booking
        assert await ids(actor, status=status, role="cleaner") == [made[status].data["id"]]
        assert await ids(actor, status=status) == [made[status].data["id"]]
        assert await ids(actor, status=status, role="owner") == []


class TestReadingABooking:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        response = await client.get(f"/cleanings/{uuid4()}/bookings/{uuid4()}")
        assert response.status_code == 401

    async def test_is_for_its_two_sides(self, market: Market) -> None:
        rival = await make_offer(market)
        booking = await make_booking(market, await make_offer(market, rival.job))
        for side in (booking.owner, booking.cleaner):
            assert (await side.get(booking.path)).json() == booking.data
        for other in (rival.cleaner, await make_user(market)):
            response = await other.get(booking.path)
            assert (response.status_code, response.json()["code"]) == (404, "booking_not_found")

    async def test_under_another_job(self, market: Market) -> None:
        booking = await make_booking(market)
        other = await make_cleaning(market, booking.owner)
        response = await booking.owner.get(f"{other.path}/bookings/{booking.data['id']}")
        assert (response.status_code, response.json()["code"]) == (404, "booking_not_found")


class TestEndingABooking:
    @pytest.mark.parametrize("end", ENDS)
    async def test_needs_a_login(self, client: AsyncClient, end: str) -> None:
        response = await client.post(f"/cleanings/{uuid4()}/bookings/{uuid4()}/{end}")
        assert response.status_code == 401

    @pytest.mark.parametrize("end", ENDS)
    async def test_that_does_not_exist(self, market: Market, end: str) -> None:
        job = await make_cleaning(market)
        response = await job.owner.post(f"{job.path}/bookings/{uuid4()}/{end}")
        assert (response.status_code, response.json()["code"]) == (404, "booking_not_found")

    @pytest.mark.parametrize("end", ENDS)
    @pytest.mark.parametrize("before", ENDS)
    async def test_that_has_ended(self, market: Market, before: str, end: str) -> None:
        booking = await make_finished_booking(market, end=before)
        response = await booking.owner.post(f"{booking.path}/{end}")
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "booking_not_scheduled")
        assert (problem["state"], problem["allowed"]) == (booking.data["status"], ["scheduled"])
        assert (await booking.owner.get(booking.path)).json() == booking.data


class TestCompletingABooking:
    async def test_completes_the_job(self, market: Market) -> None:
        booking = await make_booking(market)
        response = await booking.owner.post(f"{booking.path}/completion")
        assert response.status_code == 200
        done = response.json()
        moments = {name: done[name] for name in ("updated_at", "ended_at")}
        cleaning = {**booking.data["cleaning"], "status": "completed"}
        assert done == booking.data | {"status": "completed", "cleaning": cleaning} | moments
        assert done["ended_at"] > done["created_at"]
        assert (await booking.cleaner.get(booking.path)).json() == done
        job = await booking.owner.get(booking.job.path)
        offer = await booking.cleaner.get(booking.offer.path)
        assert (job.json()["status"], offer.json()["status"]) == ("completed", "accepted")


class TestCancellingABooking:
    @pytest.mark.parametrize(
        ("side", "offer_is_then"), [("owner", "superseded"), ("cleaner", "withdrawn")]
    )
    async def test_by_either_side(self, market: Market, side: str, offer_is_then: str) -> None:
        booking = await make_booking(market)
        actor: Actor = getattr(booking, side)
        response = await actor.post(f"{booking.path}/cancellation", {"reason": "Ill."})
        assert response.status_code == 200
        ended = response.json()
        assert ended["status"] == "cancelled"
        assert (ended["cancelled_by"], ended["cancellation_reason"]) == (side, "Ill.")
        assert ended["ended_at"] > ended["created_at"]
        offer = (await booking.cleaner.get(booking.offer.path)).json()
        assert offer["status"] == offer_is_then
        job = (await booking.owner.get(booking.job.path)).json()
        assert (job["status"], job["cancellation_reason"]) == ("open", None)

    @pytest.mark.parametrize("body", [None, {}, {"reason": None}])
    async def test_needs_no_reason(self, market: Market, body: dict[str, Any] | None) -> None:
        booking = await make_booking(market)
        response = await booking.cleaner.post(f"{booking.path}/cancellation", body)
        assert response.status_code == 200
        assert response.json()["cancellation_reason"] is None

    async def test_the_job_can_be_booked_again_by_a_rival_who_renews(self, market: Market) -> None:
        rival = await make_offer(market)
        booking = await make_booking(market, await make_offer(market, rival.job))
        await booking.owner.post(f"{booking.path}/cancellation")
        refused = await booking.owner.post(f"{rival.path}/acceptance")
        assert refused.json()["state"] == "superseded"
        await rival.cleaner.post(f"{rival.path}/renewal")
        second = await make_booking(market, rival)
        assert second.data["cleaner"]["username"] == rival.cleaner.username
        assert await ids(booking.owner) == [second.data["id"], booking.data["id"]]

    @pytest.mark.parametrize("side", ["owner", "cleaner"])
    async def test_the_same_cleaner_can_be_booked_again(self, market: Market, side: str) -> None:
        booking = await make_booking(market)
        await getattr(booking, side).post(f"{booking.path}/cancellation")
        await booking.cleaner.post(f"{booking.offer.path}/renewal")
        second = await make_booking(market, booking.offer)
        assert second.data["id"] != booking.data["id"]
        assert (await booking.owner.get(booking.path)).json()["status"] == "cancelled"


class TestANoShow:
    async def test_leaves_the_job_expired(self, market: Market) -> None:
        job = await make_cleaning(market, starts_at="2100-01-01T09:00:00Z")
        booking = await make_booking(market, await make_offer(market, job))
        await date_back(market, job)
        response = await booking.owner.post(f"{booking.path}/no-show")
        assert response.status_code == 200
        missed = response.json()
        assert missed["status"] == "no_show"
        assert missed["ended_at"] is not None
        assert missed["cancelled_by"] is None
        assert (await booking.owner.get(job.path)).json()["status"] == "expired"
        offer = (await booking.cleaner.get(booking.offer.path)).json()
        assert offer["status"] == "superseded"
        assert (await booking.owner.get(job.path)).json()["offer_count"] == 0

    async def test_is_said_by_the_owner(self, market: Market) -> None:
        booking = await make_booking(market)
        response = await booking.cleaner.post(f"{booking.path}/no-show")
        assert (response.status_code, response.json()["code"]) == (403, "not_owner")

    async def test_before_the_job_was_to_start(self, market: Market) -> None:
        job = await make_cleaning(market, starts_at="2100-01-01T09:00:00Z")
        booking = await make_booking(market, await make_offer(market, job))
        response = await booking.owner.post(f"{booking.path}/no-show")
        assert (response.status_code, response.json()["code"]) == (409, "booking_not_started")
        assert (await booking.owner.get(booking.path)).json() == booking.data
