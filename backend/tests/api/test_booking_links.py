"""The links between jobs, offers and bookings in answers."""

from typing import Any

import pytest

from tests.api.test_clock import LATER
from tests.factories.bookings import make_booking
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, make_user


def job_of(item: dict[str, Any]) -> tuple[str, str | None, str]:
    return item["cleaning"]["name"], item["cleaning"]["starts_at"], item["cleaning"]["status"]


async def booking_id(actor: Actor, job: Job) -> str | None:
    seen: str | None = (await actor.get(job.path)).json()["booking_id"]
    listed = await actor.items("/cleanings", status="any")
    assert [item["booking_id"] for item in listed if item["id"] == job.data["id"]] == [seen]
    return seen


class TestFromAJobToItsBooking:
    async def test_its_two_sides_are_led(self, market: Market) -> None:
        rival = await make_offer(market)
        job = rival.job
        assert await booking_id(job.owner, job) is None
        booking = await make_booking(market, await make_offer(market, job))
        for end in (None, "completion"):
            if end:
                await booking.owner.post(f"{booking.path}/{end}")
            assert await booking_id(booking.owner, job) == booking.data["id"]
            assert await booking_id(booking.cleaner, job) == booking.data["id"]
            assert await booking_id(rival.cleaner, job) is None

    async def test_not_when_it_came_to_nothing(self, market: Market) -> None:
        booking = await make_booking(market)
        await booking.cleaner.post(f"{booking.path}/cancellation")
        assert await booking_id(booking.owner, booking.job) is None

    async def test_all_bookings_of_a_job_are_listed(self, market: Market) -> None:
        first = await make_booking(market)
        await first.cleaner.post(f"{first.path}/cancellation")
        second = await make_booking(market, await make_offer(market, first.job))
        path = f"{first.job.path}/bookings"
        ids = [second.data["id"], first.data["id"]]
        assert [item["id"] for item in await first.owner.items(path, limit=1)] == ids
        assert [item["id"] for item in await first.cleaner.items(path)] == ids[1:]
        assert [item["id"] for item in await second.cleaner.items(path)] == ids[:1]
        assert await (await make_user(market)).items(path) == []

    async def test_offers_and_bookings_say_what_they_are_about(self, market: Market) -> None:
        job = await make_cleaning(market, name="Windows", starts_at=LATER)
        booking = await make_booking(market, await make_offer(market, job))
        for path in (booking.path, booking.offer.path):
            assert job_of((await booking.cleaner.get(path)).json()) == ("Windows", LATER, "booked")
        for path in ("/bookings", "/offers", f"{job.path}/offers", f"{job.path}/bookings"):
            (item,) = await booking.cleaner.items(path)
            assert job_of(item) == ("Windows", LATER, "booked")

    async def test_who_has_evaluated_is_shown(self, market: Market) -> None:
        booking = await make_booking(market)
        await booking.owner.post(f"{booking.path}/completion")

        async def evaluated() -> tuple[bool, bool]:
            (item,) = await booking.cleaner.items("/bookings")
            (offer,) = await booking.cleaner.items("/offers")
            summary = {"id": item["id"], "status": "completed"}
            for name in ("owner_evaluated", "cleaner_evaluated"):
                summary[name] = item[name]
            assert offer["booking"] == summary
            return item["owner_evaluated"], item["cleaner_evaluated"]

        assert await evaluated() == (False, False)
        await booking.owner.post(f"{booking.path}/evaluation", {"overall_rating": 5})
        assert await evaluated() == (True, False)
        await booking.cleaner.post(f"{booking.path}/evaluation", {"overall_rating": 5})
        assert await evaluated() == (True, True)

    @pytest.mark.parametrize("hiding", ["hidden_at = now()", None])
    async def test_an_offer_says_nothing_of_a_job_that_its_cleaner_may_not_see(
        self, market: Market, hiding: str | None
    ) -> None:
        offer = await make_offer(market)
        fetch = market.app.state.database.fetch
        if hiding:
            await fetch(f"UPDATE cleanings SET {hiding}", ())  # noqa: S608 (our own)
        else:
            await fetch("UPDATE users SET blocked_at = now() WHERE id = $1", (offer.owner.id,))
        assert (await offer.cleaner.get(offer.job.path)).status_code == 404
        assert (await offer.cleaner.get(offer.path)).json()["cleaning"] is None
        assert [item["cleaning"] for item in await offer.cleaner.items("/offers")] == [None]

    async def test_offers_of_a_job_are_filtered_by_their_state(self, market: Market) -> None:
        pending = await make_offer(market)
        rejected = await make_offer(market, pending.job)
        await pending.owner.post(f"{rejected.path}/rejection")
        path = f"{pending.job.path}/offers"
        for offer, state in ((pending, "pending"), (rejected, "rejected")):
            found = await pending.owner.items(path, status=state)
            assert [item["id"] for item in found] == [offer.data["id"]]
        assert await pending.owner.items(path, status="withdrawn") == []
