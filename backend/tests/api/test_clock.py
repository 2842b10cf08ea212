"""Jobs and bookings that the clock ends, and rules that depend on the time."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.db.models.fields import now
from app.worker.clock import Clock, Step
from tests.factories.bookings import MadeBooking, make_booking
from tests.factories.cleanings import date_back, make_cleaning, names
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.users import Actor, Market, make_user
from tests.invariants import assert_invariants

LATER = "2100-01-01T09:00:00+00:00"


async def tick(market: Market) -> dict[Step, int]:
    """What the clock does now."""
    clock = Clock(market.app.state.database)
    await clock.tick()
    await assert_invariants(market.app)
    return +clock.done


async def by_the_clock(market: Market) -> list[tuple[str, str]]:
    """The events that have no actor."""
    rows = await market.app.state.database.fetch(
        "SELECT subject, kind FROM events WHERE actor_id IS NULL ORDER BY subject", ()
    )
    return [tuple(row) for row in rows]


async def status(actor: Actor, path: str) -> str:
    return str((await actor.get(path)).json()["status"])


async def make_overdue(market: Market) -> MadeOffer:
    """A pending offer for an open job whose start has passed."""
    offer = await make_offer(market, await make_cleaning(market, starts_at=LATER))
    await date_back(market, offer.job)
    return offer


class TestStarts:
    @pytest.mark.parametrize("ago", [0, 1, 1_000_000])
    async def test_lie_in_the_future(self, market: Market, ago: int) -> None:
        job = await make_cleaning(market)
        starts_at = (now() - timedelta(seconds=ago)).isoformat()
        draft = {"name": "Windows", "price": "50.00", "starts_at": starts_at}
        for response in (
            await job.owner.post("/cleanings", draft),
            await job.owner.patch(job.path, {"starts_at": starts_at}),
        ):
            assert response.status_code == 422
            assert [error["field"] for error in response.json()["errors"]] == ["starts_at"]
        assert (await job.owner.get(job.path)).json() == job.data

    async def test_may_have_passed_when_a_request_is_sent_again(self, market: Market) -> None:
        owner, starts_at = await make_user(market), now() + timedelta(seconds=2)
        draft = {"name": "Windows", "price": "50.00", "starts_at": starts_at.isoformat()}
        first = await owner.post("/cleanings", draft, headers={"Idempotency-Key": "windows"})
        assert first.status_code == 201
        await asyncio.sleep(max(0, (starts_at - now()).total_seconds()))
        again = await owner.post("/cleanings", draft, headers={"Idempotency-Key": "windows"})
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["Idempotency-Replayed"] == "true"


class TestAnOpenJobWhoseStartHasPassed:
    async def test_is_not_found_among_open_ones(self, market: Market) -> None:
        owner = await make_user(market)
        job = await make_cleaning(market, owner, name="Windows", starts_at=LATER)
        await make_cleaning(market, owner, name="Windows without a start")
        await date_back(market, job)
        for found in ({}, {"q": "windows"}, {"owner": "me"}, {"sort": "oldest", "status": "open"}):
            assert await names(owner, **found) == ["Windows without a start"]
        everything = {
            item["name"]: item["status"] for item in await owner.items("/cleanings", status="any")
        }
        assert everything == {"Windows": "expired", "Windows without a start": "open"}

    async def test_is_ended_by_the_clock_with_its_offers(self, market: Market) -> None:
        offer = await make_overdue(market)
        other = await make_cleaning(market, starts_at=LATER)
        assert await status(offer.owner, offer.job.path) == "expired"
        assert await status(offer.cleaner, offer.path) == "pending"
        assert await tick(market) == {Step.JOB_EXPIRED: 1}
        assert await status(offer.owner, offer.job.path) == "expired"
        assert await status(offer.cleaner, offer.path) == "superseded"
        assert await names(offer.owner, status="expired") == [offer.job.data["name"]]
        assert await status(other.owner, other.path) == "open"
        assert await by_the_clock(market) == [("cleaning", "expired"), ("offer", "superseded")]
        assert await tick(market) == {}

    @pytest.mark.parametrize("noted", [False, True])
    async def test_is_opened_again_by_a_new_start(self, market: Market, *, noted: bool) -> None:
        offer = await make_overdue(market)
        if noted:
            await tick(market)
        refused = await offer.owner.patch(offer.job.path, {"price": "70.00"})
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (409, "cleaning_expired")
        assert (problem["state"], problem["allowed"]) == ("expired", ["open"])
        response = await offer.owner.patch(offer.job.path, {"price": "70.00", "starts_at": LATER})
        assert (response.json()["status"], response.json()["price"]) == ("open", "70.00")
        outdated = await offer.owner.post(f"{offer.path}/acceptance")
        assert outdated.json()["code"] == ("offer_not_pending" if noted else "offer_outdated")
        assert (await offer.cleaner.post(f"{offer.path}/renewal")).status_code == 200
        await make_booking(market, offer)
        assert await tick(market) == {}

    async def test_expires_when_its_owner_leaves(self, market: Market) -> None:
        offer = await make_overdue(market)
        assert (await offer.owner.delete("/users/me")).status_code == 204
        assert await status(offer.cleaner, offer.path) == "superseded"
        assert await by_the_clock(market) == [("cleaning", "expired"), ("offer", "superseded")]
        assert await tick(market) == {}


async def make_started(market: Market, **ago: float) -> MadeBooking:
    """A booking whose start has passed."""
    job = await make_cleaning(market, starts_at=LATER)
    booking = await make_booking(market, await make_offer(market, job))
    await date_back(market, job, **ago)
    return booking


async def report(booking: MadeBooking) -> dict[str, Any]:
    response = await booking.cleaner.post(f"{booking.path}/completion-report")
    assert response.status_code == 200, response.text
    reported: dict[str, Any] = response.json()
    return reported


class TestAReport:
    async def test_gives_the_owner_three_days(self, market: Market) -> None:
        booking = await make_started(market)
        reported = await report(booking)
        moments = [datetime.fromisoformat(reported[it]) for it in ("reported_at", "completes_at")]
        assert moments[1] - moments[0] == timedelta(hours=72)
        assert reported["status"] == "scheduled"
        assert (await booking.owner.get(booking.path)).json() == reported
        assert await tick(market) == {}

    async def test_without_an_answer_completes_the_booking(self, market: Market) -> None:
        booking = await make_started(market)
        await report(booking)
        await market.app.state.database.fetch("UPDATE bookings SET completes_at = now()", ())
        assert await tick(market) == {Step.BOOKING_COMPLETED: 1}
        done = (await booking.owner.get(booking.path)).json()
        assert (done["status"], done["cleaning"]["status"]) == ("completed", "completed")
        assert (done["completes_at"], await status(booking.cleaner, booking.offer.path)) == (
            None,
            "accepted",
        )
        assert await by_the_clock(market) == [("cleaning", "completed")]
        said = await booking.cleaner.post(f"{booking.path}/evaluation", {"overall_rating": 5})
        assert said.status_code == 201

    @pytest.mark.parametrize(
        ("answer", "then"), [("completion", "completed"), ("no-show", "no_show")]
    )
    async def test_can_be_answered_until_then(self, market: Market, answer: str, then: str) -> None:
        booking = await make_started(market)
        await report(booking)
        await market.app.state.database.fetch("UPDATE bookings SET completes_at = now()", ())
        assert (await booking.owner.post(f"{booking.path}/{answer}")).status_code == 200
        assert await tick(market) == {}
        assert await status(booking.owner, booking.path) == then

    async def test_of_a_booking_without_a_start_leaves_it_to_be_cancelled(
        self, market: Market
    ) -> None:
        booking = await make_booking(market)
        await report(booking)
        assert (await booking.owner.post(f"{booking.path}/cancellation")).status_code == 200
        assert await status(booking.owner, booking.job.path) == "open"


class TestAForgottenBooking:
    async def test_is_cancelled_so_that_no_account_is_stuck(self, market: Market) -> None:
        booking = await make_started(market, days=14)
        for actor in (booking.owner, booking.cleaner):
            assert (await actor.delete("/users/me")).json()["code"] == "live_booking"
        assert await tick(market) == {Step.BOOKING_CANCELLED: 1}
        ended = (await booking.owner.get(booking.path)).json()
        assert (ended["status"], ended["cancelled_by"]) == ("cancelled", "clock")
        assert ended["cleaning"]["status"] == "expired"
        assert await status(booking.cleaner, booking.offer.path) == "superseded"
        assert await by_the_clock(market) == [("booking", "cancelled")]
        for actor in (booking.owner, booking.cleaner):
            assert (await actor.delete("/users/me")).status_code == 204
        await assert_invariants(market.app)

    @pytest.mark.parametrize("hours", [1, 14 * 24 - 1])
    async def test_is_none_before(self, market: Market, hours: int) -> None:
        booking = await make_started(market, hours=hours)
        assert await tick(market) == {}
        assert await status(booking.owner, booking.path) == "scheduled"

    async def test_is_none_if_it_was_reported(self, market: Market) -> None:
        booking = await make_started(market, days=20)
        await report(booking)
        assert await tick(market) == {}

    async def test_is_none_if_it_has_no_start(self, market: Market) -> None:
        booking = await make_booking(market)
        await market.app.state.database.fetch(
            "UPDATE bookings SET created_at = now() - interval '1 year'", ()
        )
        assert await tick(market) == {}
        assert await status(booking.owner, booking.path) == "scheduled"


class TestABooking:
    async def test_that_has_started_cannot_be_cancelled(self, market: Market) -> None:
        booking = await make_started(market)
        for actor, path in (
            (booking.owner, f"{booking.path}/cancellation"),
            (booking.cleaner, f"{booking.path}/cancellation"),
            (booking.owner, f"{booking.job.path}/cancellation"),
        ):
            response = await actor.post(path)
            assert (response.status_code, response.json()["code"]) == (409, "booking_started")
        assert (await booking.owner.get(booking.path)).json()["status"] == "scheduled"

    @pytest.mark.parametrize("end", ["completion", "completion-report", "no-show"])
    async def test_that_has_not_started_can_only_be_cancelled(
        self, market: Market, end: str
    ) -> None:
        job = await make_cleaning(market, starts_at=LATER)
        booking = await make_booking(market, await make_offer(market, job))
        actor = booking.cleaner if end == "completion-report" else booking.owner
        response = await actor.post(f"{booking.path}/{end}")
        assert (response.status_code, response.json()["code"]) == (409, "booking_not_started")
        assert (await booking.owner.get(booking.path)).json() == booking.data
