"""Offers: made, seen and revised."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.factories.bookings import make_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Market, block, make_user


class TestMakingAnOffer:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        response = await client.post(f"/cleanings/{uuid4()}/offers")
        assert response.status_code == 401

    async def test_is_for_the_price_of_the_job_by_default(self, market: Market) -> None:
        job = await make_cleaning(market, price="72.50", currency="CHF")
        cleaner = await make_user(market)
        response = await cleaner.post(f"{job.path}/offers")
        assert response.status_code == 201
        offer = response.json()
        assert offer["price"] == "72.50"
        assert offer["currency"] == "CHF"
        assert offer["status"] == "pending"
        assert offer["outdated"] is False
        assert offer["cleaner"]["username"] == cleaner.username

    async def test_is_found_where_its_location_says(self, market: Market) -> None:
        job = await make_cleaning(market)
        cleaner = await make_user(market)
        made = await cleaner.post(f"{job.path}/offers", {"price": 45, "message": "Tomorrow?"})
        found = await cleaner.get(made.headers["Location"].removeprefix("/api/v1"))
        assert found.json() == made.json()
        assert found.headers["ETag"] == made.headers["ETag"]
        assert found.json()["price"] == "45.00"
        assert found.json()["message"] == "Tomorrow?"

    async def test_on_a_job_that_does_not_exist(self, market: Market) -> None:
        cleaner = await make_user(market)
        response = await cleaner.post(f"/cleanings/{uuid4()}/offers")
        assert response.status_code == 404
        assert response.json()["code"] == "cleaning_not_found"

    async def test_on_a_job_of_a_blocked_owner(self, market: Market) -> None:
        job = await make_cleaning(market)
        cleaner = await make_user(market)
        await block(market, job.owner)
        response = await cleaner.post(f"{job.path}/offers")
        assert response.status_code == 404

    async def test_on_ones_own_job(self, market: Market) -> None:
        job = await make_cleaning(market)
        response = await job.owner.post(f"{job.path}/offers")
        assert response.status_code == 409
        assert response.json()["code"] == "own_cleaning"

    async def test_twice(self, market: Market) -> None:
        offer = await make_offer(market)
        response = await offer.cleaner.post(f"{offer.job.path}/offers", {"price": "1.00"})
        assert response.status_code == 409
        assert response.json()["code"] == "duplicate_offer"

    async def test_again_after_withdrawing(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.cleaner.post(f"{offer.path}/withdrawal")
        response = await offer.cleaner.post(f"{offer.job.path}/offers")
        assert response.json()["code"] == "duplicate_offer"

    async def test_on_a_job_that_is_booked(self, market: Market) -> None:
        booking = await make_booking(market)
        cleaner = await make_user(market)
        response = await cleaner.post(f"{booking.job.path}/offers")
        assert response.status_code == 409
        problem = response.json()
        assert problem["code"] == "cleaning_not_open"
        assert problem["state"] == "booked"
        assert problem["allowed"] == ["open"]


class TestSeeingOffers:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        for path in ("/offers", f"/cleanings/{uuid4()}/offers/{uuid4()}"):
            assert (await client.get(path)).status_code == 401

    async def test_the_owner_sees_all_newest_first(self, market: Market) -> None:
        job = await make_cleaning(market)
        made = [(await make_offer(market, job)).data["id"] for _ in range(5)]
        items = await job.owner.items(f"{job.path}/offers", limit=2)
        assert [item["id"] for item in items] == made[::-1]

    async def test_a_cleaner_sees_their_own(self, market: Market) -> None:
        offer = await make_offer(market)
        await make_offer(market, offer.job)
        items = await offer.cleaner.items(f"{offer.job.path}/offers")
        assert [item["id"] for item in items] == [offer.data["id"]]

    async def test_a_stranger_sees_none(self, market: Market) -> None:
        offer = await make_offer(market)
        stranger = await make_user(market)
        assert await stranger.items(f"{offer.job.path}/offers") == []
        response = await stranger.get(offer.path)
        assert response.status_code == 404
        assert response.json()["code"] == "offer_not_found"

    async def test_of_a_job_that_does_not_exist(self, market: Market) -> None:
        response = await (await make_user(market)).get(f"/cleanings/{uuid4()}/offers")
        assert response.status_code == 404
        assert response.json()["code"] == "cleaning_not_found"

    async def test_is_not_found_under_another_job(self, market: Market) -> None:
        offer = await make_offer(market)
        other = await make_cleaning(market, offer.owner)
        response = await offer.cleaner.get(f"{other.path}/offers/{offer.data['id']}")
        assert response.status_code == 404

    async def test_own_ones_by_status(self, market: Market) -> None:
        cleaner = await make_user(market)
        kept = await make_offer(market, cleaner=cleaner)
        withdrawn = await make_offer(market, cleaner=cleaner)
        await cleaner.post(f"{withdrawn.path}/withdrawal")
        await make_offer(market)
        ids = [item["id"] for item in await cleaner.items("/offers", limit=1)]
        assert ids == [withdrawn.data["id"], kept.data["id"]]
        pending = await cleaner.items("/offers", status="pending")
        assert [item["id"] for item in pending] == [kept.data["id"]]

    async def test_offers_on_deleted_jobs_are_gone(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.delete(offer.job.path)
        assert await offer.cleaner.items("/offers") == []
        assert (await offer.cleaner.get(offer.path)).status_code == 404


class TestRevisingAnOffer:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        response = await client.patch(f"/cleanings/{uuid4()}/offers/{uuid4()}", json={})
        assert response.status_code == 401

    @pytest.mark.parametrize(
        ("changes", "shown"),
        [
            ({"price": "39.90"}, {"price": "39.90"}),
            ({"price": 39}, {"price": "39.00"}),
            ({"message": "On Friday?"}, {"message": "On Friday?"}),
            ({"message": None}, {"message": None}),
            ({"price": 1.5, "message": "Now"}, {"price": "1.50", "message": "Now"}),
        ],
    )
    async def test_changes_what_is_given(
        self, market: Market, changes: dict[str, Any], shown: dict[str, Any]
    ) -> None:
        offer = await make_offer(market, price="45.00", message="Tomorrow?")
        response = await offer.cleaner.patch(offer.path, changes)
        assert response.status_code == 200
        revised = response.json()
        assert revised == offer.data | shown | {"updated_at": revised["updated_at"]}
        assert revised["updated_at"] > offer.data["updated_at"]
        assert response.headers["ETag"] != offer.etag
        assert (await offer.owner.get(offer.path)).json() == revised

    @pytest.mark.parametrize("changes", [{}, {"price": 45, "message": " Tomorrow? "}])
    async def test_without_a_change_leaves_it_as_it_was(
        self, market: Market, changes: dict[str, Any]
    ) -> None:
        offer = await make_offer(market, price="45.00", message="Tomorrow?")
        response = await offer.cleaner.patch(offer.path, changes)
        assert response.json() == offer.data
        assert response.headers["ETag"] == offer.etag

    async def test_it_always_has_a_price(self, market: Market) -> None:
        offer = await make_offer(market)
        response = await offer.cleaner.patch(offer.path, {"price": None, "message": "Free!"})
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["price"]
        assert (await offer.cleaner.get(offer.path)).json() == offer.data

    async def test_of_a_version_that_is_no_more(self, market: Market) -> None:
        offer = await make_offer(market)
        match = {"If-Match": offer.etag}
        first = await offer.cleaner.patch(offer.path, {"price": "40.00"}, headers=match)
        second = await offer.cleaner.patch(offer.path, {"price": "30.00"}, headers=match)
        assert first.status_code == 200
        assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
        assert (await offer.cleaner.get(offer.path)).json()["price"] == "40.00"

    async def test_is_for_who_made_it(self, market: Market) -> None:
        offer = await make_offer(market)
        response = await offer.owner.patch(offer.path, {"price": "1.00"})
        assert (response.status_code, response.json()["code"]) == (403, "not_offerer")

    async def test_once_it_is_decided(self, market: Market) -> None:
        booking = await make_booking(market)
        response = await booking.cleaner.patch(booking.offer.path, {"price": "99.00"})
        assert (response.status_code, response.json()["code"]) == (409, "offer_not_pending")
        assert (response.json()["state"], response.json()["allowed"]) == ("accepted", ["pending"])
