"""Races: many requests at once, each on a connection of its own, and every one is answered rightly.

Each race is run many times. Afterwards the data are held against the rules of the marketplace, and
PostgreSQL must not have had to break up a deadlock: that would cost a second of everybody's time.
"""

from collections import Counter
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.db.models.cleanings import Cleaning
from app.db.models.kinds.offers import OfferEvent
from app.db.models.offers import Offer, OfferCreate
from app.db.repositories.events import EventRepository
from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.sessions import make_login, make_member, refresh
from tests.factories.users import PASSWORD, Actor, Market, make_user
from tests.races import TRIES, outcome, race
from tests.rows import get

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]
RIVALS = 20


async def make_offers(market: Market, job: Job, cleaners: list[Actor]) -> list[str]:
    """Makes an offer of each cleaner, and gives their paths."""
    async with market.app.state.database.write() as transaction:
        cleaning = await get(transaction, Cleaning, job.data["id"])
        offers = [Offer.on(cleaning, cleaner.id, OfferCreate()) for cleaner in cleaners]
        events = EventRepository(transaction)
        for offer in offers:
            transaction.add(offer)
            events.record(offer.cleaner_id, OfferEvent.CREATED, offer.id, cleaning.id)
    return [f"{job.path}/offers/{offer.id}" for offer in offers]


class TestAccepting:
    async def test_rivals_at_once_books_exactly_one(self, market: Market) -> None:
        owner = await make_user(market)
        cleaners = [await make_user(market) for _ in range(RIVALS)]
        for attempt in range(TRIES):
            job = await make_cleaning(market, owner)
            paths = await make_offers(market, job, cleaners)
            responses = await race(attempt, *(owner.post(f"{path}/acceptance") for path in paths))
            answers = Counter(outcome(*responses))
            assert answers == {201: 1, "cleaning_not_open": RIVALS - 1}
            counts = (await owner.get(job.path)).json()["offer_counts"]
            assert counts["accepted"] == 1
            assert counts["superseded"] == RIVALS - 1
        assert len(await owner.items("/bookings", limit=100, status="scheduled")) == TRIES

    async def test_against_a_withdrawal(self, market: Market) -> None:
        owner, cleaner = await make_user(market), await make_user(market)
        for attempt in range(TRIES):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            responses = await race(
                attempt,
                owner.post(f"{offer.path}/acceptance"),
                cleaner.post(f"{offer.path}/withdrawal"),
            )
            assert outcome(*responses) in ([201, "offer_not_pending"], ["offer_not_pending", 200])

    async def test_against_the_deletion_of_the_cleaners_account(self, market: Market) -> None:
        owner = await make_user(market)
        for attempt in range(TRIES):
            offer = await make_offer(market, await make_cleaning(market, owner))
            responses = await race(
                attempt, owner.post(f"{offer.path}/acceptance"), offer.cleaner.delete("/users/me")
            )
            assert outcome(*responses) in ([201, "live_booking"], ["offer_not_pending", 204])

    async def test_against_the_deletion_of_a_rivals_account(self, market: Market) -> None:
        owner, cleaner = await make_user(market), await make_user(market)
        for attempt in range(TRIES):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            rival = (await make_offer(market, offer.job)).cleaner
            responses = await race(
                attempt, owner.post(f"{offer.path}/acceptance"), rival.delete("/users/me")
            )
            assert outcome(*responses) == [201, 204]

    async def test_against_an_edit_of_the_job(self, market: Market) -> None:
        owner, cleaner = await make_user(market), await make_user(market)
        for attempt in range(TRIES):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            responses = await race(
                attempt,
                owner.post(f"{offer.path}/acceptance"),
                owner.patch(offer.job.path, {"price": "10.00"}),
            )
            assert outcome(*responses) in ([201, "cleaning_not_open"], ["offer_outdated", 200])


class TestEnding:
    async def test_a_job_twice(self, market: Market) -> None:
        owner = await make_user(market)
        for attempt in range(TRIES):
            path = f"{(await make_cleaning(market, owner)).path}/cancellation"
            responses = await race(attempt, owner.post(path), owner.post(path))
            assert Counter(outcome(*responses)) == {200: 1, "cleaning_ended": 1}

    async def test_a_booking_from_both_sides(self, market: Market) -> None:
        owner, cleaner = await make_user(market), await make_user(market)
        for attempt in range(TRIES):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            path = f"{(await make_booking(market, offer)).path}/cancellation"
            responses = await race(attempt, owner.post(path), cleaner.post(path))
            assert Counter(outcome(*responses)) == {200: 1, "booking_not_scheduled": 1}

    async def test_a_job_and_its_booking(self, market: Market) -> None:
        owner, cleaner = await make_user(market), await make_user(market)
        for attempt in range(TRIES):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            booking = await make_booking(market, offer)
            responses = await race(
                attempt,
                owner.post(f"{booking.job.path}/cancellation"),
                cleaner.post(f"{booking.path}/cancellation"),
            )
            assert outcome(*responses) in ([200, 200], [200, "booking_not_scheduled"])

    async def test_the_accounts_of_an_owner_and_a_cleaner(self, market: Market) -> None:
        for attempt in range(TRIES):
            offer = await make_offer(market)
            responses = await race(
                attempt, offer.owner.delete("/users/me"), offer.cleaner.delete("/users/me")
            )
            assert outcome(*responses) == [204, 204]


class TestDoingTheSameTwice:
    @pytest.mark.parametrize("same", ["email", "username"])
    async def test_registering(self, client: AsyncClient, same: str) -> None:
        for attempt in range(TRIES):
            shared = f"anna-{uuid4().hex[:8]}"
            requests = []
            for spelling in (shared, shared.upper()):
                names = {"email": f"x{uuid4().hex}", "username": f"x{uuid4().hex[:8]}"}
                names[same] = spelling
                draft = {**names, "email": f"{names['email']}@example.com", "password": PASSWORD}
                requests.append(client.post("/users", json=draft))
            responses = await race(attempt, *requests)
            assert Counter(outcome(*responses)) == {201: 1, f"{same}_taken": 1}

    async def test_offering(self, market: Market) -> None:
        owner, cleaner = await make_user(market), await make_user(market)
        for attempt in range(TRIES):
            path = f"{(await make_cleaning(market, owner)).path}/offers"
            responses = await race(attempt, cleaner.post(path), cleaner.post(path))
            assert Counter(outcome(*responses)) == {201: 1, "duplicate_offer": 1}

    async def test_refreshing(self, market: Market) -> None:
        login, token = await make_login(market, await make_member(market))
        for attempt in range(TRIES):
            responses = await race(attempt, refresh(market, token), refresh(market, token))
            assert Counter(outcome(*responses)) == {200: 2}
            token = responses[attempt % 2].json()["refresh_token"]
        assert len(await login.items("/users/me/sessions")) == 2

    @pytest.mark.parametrize("thing", ["account", "profile", "job", "offer"])
    async def test_editing_the_same_version(self, market: Market, thing: str) -> None:
        offer = await make_offer(market)
        cleaner, owner = offer.cleaner, offer.owner
        actor, path, field = {
            "account": (owner, "/users/me", "username"),
            "profile": (owner, "/profiles/me", "bio"),
            "job": (owner, offer.job.path, "description"),
            "offer": (cleaner, offer.path, "message"),
        }[thing]
        for attempt in range(TRIES):
            headers = {"If-Match": (await actor.get(path)).headers["ETag"]}
            responses = await race(
                attempt,
                actor.patch(path, {field: f"first-{attempt % 2}"}, headers=headers),
                actor.patch(path, {field: f"second-{attempt % 2}"}, headers=headers),
            )
            assert Counter(outcome(*responses)) == {200: 1, "precondition_failed": 1}


class TestEvaluating:
    async def test_a_newcomer_from_two_bookings_counts_both(self, market: Market) -> None:
        owners = [await make_user(market) for _ in range(2)]
        for attempt in range(TRIES):
            cleaner = await make_user(market)
            requests = []
            for stars, owner in enumerate(owners, start=2):
                offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
                booking = await make_finished_booking(market, offer)
                requests.append(owner.post(f"{booking.path}/evaluation", {"overall_rating": stars}))
            assert outcome(*await race(attempt, *requests)) == [201, 201]
            stats = await cleaner.get(f"/profiles/{cleaner.username}/evaluations/stats")
            assert stats.json()["total"] == 2
            assert stats.json()["overall_rating"]["average"] == 2.5
