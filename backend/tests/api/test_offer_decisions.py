"""Offers: accepted, rejected, withdrawn, renewed."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.factories.bookings import make_booking
from tests.factories.cleanings import TERMS, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, block, make_user


async def status(actor: Actor, path: str) -> str:
    """In which state the thing is that is found at a path."""
    return str((await actor.get(path)).json()["status"])


@pytest.mark.parametrize("decision", ["acceptance", "rejection", "withdrawal", "renewal"])
async def test_every_decision_needs_a_login(client: AsyncClient, decision: str) -> None:
    response = await client.post(f"/cleanings/{uuid4()}/offers/{uuid4()}/{decision}")
    assert response.status_code == 401


class TestAcceptingAnOffer:
    async def test_makes_a_booking_of_its_price_and_the_terms_of_the_job(
        self, market: Market
    ) -> None:
        job = await make_cleaning(market, **TERMS)
        offer = await make_offer(market, job, price="75.50")
        response = await job.owner.post(f"{offer.path}/acceptance")
        assert response.status_code == 201
        booking = response.json()
        assert booking["terms"] == {**TERMS, "extras": []}
        assert (booking["price"], booking["currency"]) == ("75.50", "CHF")
        assert booking["status"] == "scheduled"
        assert booking["offer_id"] == offer.data["id"]
        assert booking["owner"]["username"] == job.owner.username
        assert booking["cleaner"]["username"] == offer.cleaner.username
        assert booking["cancelled_by"] is booking["cancellation_reason"] is None
        assert booking["ended_at"] is None

    async def test_the_booking_is_found_where_its_location_says(self, market: Market) -> None:
        offer = await make_offer(market)
        made = await offer.owner.post(f"{offer.path}/acceptance")
        found = await offer.cleaner.get(made.headers["Location"].removeprefix("/api/v1"))
        assert found.json() == made.json()
        assert found.headers["ETag"] == made.headers["ETag"]

    async def test_the_booking_stays_as_it_was_agreed(self, market: Market) -> None:
        booking = await make_booking(market)
        await booking.owner.post(f"{booking.path}/cancellation")
        edited = await booking.owner.patch(booking.job.path, {"name": "Kitchen", "price": 10})
        assert edited.status_code == 200
        kept = (await booking.cleaner.get(booking.path)).json()
        assert kept["terms"] == booking.data["terms"]
        assert kept["price"] == booking.data["price"]

    async def test_books_the_job_and_supersedes_the_rivals(self, market: Market) -> None:
        job = await make_cleaning(market)
        winner, rival, rejected, withdrawn = [await make_offer(market, job) for _ in range(4)]
        await job.owner.post(f"{rejected.path}/rejection")
        await withdrawn.cleaner.post(f"{withdrawn.path}/withdrawal")
        await job.owner.post(f"{winner.path}/acceptance")
        assert await status(job.owner, job.path) == "booked"
        assert await status(winner.cleaner, winner.path) == "accepted"
        assert await status(rival.cleaner, rival.path) == "superseded"
        assert await status(rejected.cleaner, rejected.path) == "rejected"
        assert await status(withdrawn.cleaner, withdrawn.path) == "withdrawn"

    async def test_of_a_version_that_is_no_more(self, market: Market) -> None:
        offer = await make_offer(market)
        revised = await offer.cleaner.patch(offer.path, {"price": "500.00"})
        match = {"If-Match": offer.etag}
        refused = await offer.owner.post(f"{offer.path}/acceptance", headers=match)
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
        match = {"If-Match": revised.headers["ETag"]}
        accepted = await offer.owner.post(f"{offer.path}/acceptance", headers=match)
        assert accepted.status_code == 201
        assert accepted.json()["price"] == "500.00"

    async def test_is_for_the_owner(self, market: Market) -> None:
        offer = await make_offer(market)
        response = await offer.cleaner.post(f"{offer.path}/acceptance")
        assert (response.status_code, response.json()["code"]) == (403, "not_owner")

    async def test_others_do_not_know_of_it(self, market: Market) -> None:
        offer = await make_offer(market)
        rival = await make_offer(market, offer.job)
        for other in (rival.cleaner, await make_user(market)):
            response = await other.post(f"{offer.path}/acceptance")
            assert (response.status_code, response.json()["code"]) == (404, "offer_not_found")

    async def test_under_another_job(self, market: Market) -> None:
        offer = await make_offer(market)
        other = await make_cleaning(market, offer.owner)
        response = await offer.owner.post(f"{other.path}/offers/{offer.data['id']}/acceptance")
        assert (response.status_code, response.json()["code"]) == (404, "offer_not_found")

    async def test_when_it_was_rejected(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.post(f"{offer.path}/rejection")
        response = await offer.owner.post(f"{offer.path}/acceptance")
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "offer_not_pending")
        assert (problem["state"], problem["allowed"]) == ("rejected", ["pending"])
        assert await status(offer.owner, offer.job.path) == "open"

    async def test_when_the_job_is_booked(self, market: Market) -> None:
        rival = await make_offer(market)
        await make_booking(market, await make_offer(market, rival.job))
        response = await rival.owner.post(f"{rival.path}/acceptance")
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "cleaning_not_open")
        assert (problem["state"], problem["allowed"]) == ("booked", ["open"])

    async def test_when_the_job_has_changed_since(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.patch(offer.job.path, {"duration": 600})
        response = await offer.owner.post(f"{offer.path}/acceptance")
        assert (response.status_code, response.json()["code"]) == (409, "offer_outdated")
        assert await status(offer.owner, offer.job.path) == "open"

    async def test_of_a_blocked_cleaner(self, market: Market) -> None:
        offer = await make_offer(market)
        rival = await make_offer(market, offer.job)
        await block(market, offer.cleaner)
        response = await offer.owner.post(f"{offer.path}/acceptance")
        assert (response.status_code, response.json()["code"]) == (409, "offerer_blocked")
        assert await status(offer.owner, offer.path) == "pending"
        assert await status(offer.owner, rival.path) == "pending"
        assert await status(offer.owner, offer.job.path) == "open"


class TestRejectingAnOffer:
    async def test_ends_this_offer_only(self, market: Market) -> None:
        offer = await make_offer(market)
        rival = await make_offer(market, offer.job)
        response = await offer.owner.post(f"{offer.path}/rejection")
        assert response.status_code == 200
        assert response.json()["status"] == "rejected"
        assert response.headers["ETag"] != offer.etag
        assert (await offer.cleaner.get(offer.path)).json() == response.json()
        assert await status(rival.cleaner, rival.path) == "pending"
        assert await status(offer.owner, offer.job.path) == "open"

    async def test_that_is_outdated_is_for_the_terms_as_they_are_now(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.patch(offer.job.path, {"duration": 600})
        response = await offer.owner.post(f"{offer.path}/rejection")
        assert (response.json()["status"], response.json()["outdated"]) == ("rejected", False)
        renewal = await offer.cleaner.post(f"{offer.path}/renewal")
        assert renewal.json()["code"] == "offer_not_renewable"


class TestWithdrawingAnOffer:
    async def test_ends_this_offer_only(self, market: Market) -> None:
        offer = await make_offer(market)
        rival = await make_offer(market, offer.job)
        response = await offer.cleaner.post(f"{offer.path}/withdrawal")
        assert response.status_code == 200
        assert response.json()["status"] == "withdrawn"
        assert response.headers["ETag"] != offer.etag
        assert (await offer.owner.get(offer.path)).json() == response.json()
        assert await status(rival.cleaner, rival.path) == "pending"


class TestRenewingAnOffer:
    @pytest.mark.parametrize(
        ("renewal", "shown"),
        [
            (None, {}),
            ({}, {}),
            ({"price": 60}, {"price": "60.00"}),
            ({"message": "Once more"}, {"message": "Once more"}),
            ({"message": None}, {"message": None}),
        ],
    )
    async def test_keeps_what_is_not_given(
        self, market: Market, renewal: dict[str, Any] | None, shown: dict[str, Any]
    ) -> None:
        offer = await make_offer(market, price="45.00", message="Tomorrow?")
        await offer.cleaner.post(f"{offer.path}/withdrawal")
        response = await offer.cleaner.post(f"{offer.path}/renewal", renewal)
        assert response.status_code == 200
        renewed = response.json()
        assert renewed == offer.data | shown | {"updated_at": renewed["updated_at"]}
        assert response.headers["ETag"] != offer.etag

    async def test_makes_an_outdated_one_acceptable_again(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.patch(offer.job.path, {"duration": 600})
        revised = await offer.cleaner.patch(offer.path, {"price": "70.00"})
        assert revised.json()["outdated"] is True  # a change of price is no consent to the terms
        refused = await offer.owner.post(f"{offer.path}/acceptance")
        assert refused.json()["code"] == "offer_outdated"
        renewed = await offer.cleaner.post(f"{offer.path}/renewal")
        assert (renewed.json()["outdated"], renewed.json()["price"]) == (False, "70.00")
        assert (await offer.owner.post(f"{offer.path}/acceptance")).status_code == 201

    async def test_is_not_needed_while_nothing_has_changed(self, market: Market) -> None:
        offer = await make_offer(market)
        response = await offer.cleaner.post(f"{offer.path}/renewal", {"price": "60.00"})
        assert (response.status_code, response.json()["code"]) == (409, "offer_not_renewable")
        assert (await offer.cleaner.get(offer.path)).json() == offer.data

    async def test_after_a_rejection_with_a_lower_price(self, market: Market) -> None:
        offer = await make_offer(market, price="45.00")
        await offer.owner.post(f"{offer.path}/rejection")
        refused = await offer.cleaner.post(f"{offer.path}/renewal", {"price": "45.00"})
        assert (refused.status_code, refused.json()["code"]) == (409, "offer_not_renewable")
        assert refused.json()["state"] == "rejected"
        renewed = await offer.cleaner.post(f"{offer.path}/renewal", {"price": "44.99"})
        assert (renewed.json()["status"], renewed.json()["price"]) == ("pending", "44.99")
        assert (await offer.owner.post(f"{offer.path}/acceptance")).status_code == 201

    async def test_after_a_rejection_once_the_terms_have_changed(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.post(f"{offer.path}/rejection")
        refused = await offer.cleaner.post(f"{offer.path}/renewal")
        assert (refused.status_code, refused.json()["code"]) == (409, "offer_not_renewable")
        await offer.owner.patch(offer.job.path, {"price": "500.00"})
        renewed = await offer.cleaner.post(f"{offer.path}/renewal")
        assert renewed.status_code == 200
        assert renewed.json()["status"] == "pending"

    async def test_after_a_rival_won_and_the_job_is_open_again(self, market: Market) -> None:
        offer = await make_offer(market)
        booking = await make_booking(market, await make_offer(market, offer.job))
        refused = await offer.cleaner.post(f"{offer.path}/renewal")
        assert (refused.status_code, refused.json()["code"]) == (409, "cleaning_not_open")
        await booking.cleaner.post(f"{booking.path}/cancellation")
        assert await status(offer.cleaner, offer.path) == "superseded"
        renewed = await offer.cleaner.post(f"{offer.path}/renewal")
        assert renewed.json()["status"] == "pending"

    async def test_in_another_currency_needs_a_price(self, market: Market) -> None:
        offer = await make_offer(market, price="45.00")
        await offer.owner.patch(offer.job.path, {"currency": "JPY"})
        refused = await offer.cleaner.post(f"{offer.path}/renewal")
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == ["price"]
        renewed = await offer.cleaner.post(f"{offer.path}/renewal", {"price": 7000})
        assert (renewed.json()["price"], renewed.json()["currency"]) == ("7000.00", "JPY")
