"""Jobs: cancelled, deleted, hidden; and what they said before."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.db.models.fields import now
from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Market, block, make_user


class TestCancellingAJob:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post(f"/cleanings/{uuid4()}/cancellation")).status_code == 401

    @pytest.mark.parametrize(
        ("body", "reason"),
        [(None, None), ({}, None), ({"reason": None}, None), ({"reason": " Sold. "}, "Sold.")],
    )
    async def test_closes_it(
        self, market: Market, body: dict[str, Any] | None, reason: str | None
    ) -> None:
        job = await make_cleaning(market)
        response = await job.owner.post(f"{job.path}/cancellation", body)
        assert response.status_code == 200
        cancelled = response.json()
        assert (cancelled["status"], cancelled["cancellation_reason"]) == ("cancelled", reason)
        assert response.headers["ETag"] != job.etag
        assert (await job.owner.get(job.path)).json() == cancelled

    async def test_ends_offers_that_are_in_question(self, market: Market) -> None:
        job = await make_cleaning(market)
        pending, rejected = [await make_offer(market, job) for _ in range(2)]
        await job.owner.post(f"{rejected.path}/rejection")
        await job.owner.post(f"{job.path}/cancellation")
        statuses = [item["status"] for item in await job.owner.items(f"{job.path}/offers")]
        assert statuses == ["rejected", "superseded"]
        ended = await pending.cleaner.get(pending.path)
        assert ended.headers["ETag"] != pending.etag

    async def test_cancels_its_booking(self, market: Market) -> None:
        booking = await make_booking(market)
        reason = {"reason": "Sold."}
        response = await booking.owner.post(f"{booking.job.path}/cancellation", reason)
        assert response.json()["status"] == "cancelled"
        ended = (await booking.cleaner.get(booking.path)).json()
        assert (ended["status"], ended["cancelled_by"]) == ("cancelled", "owner")
        assert ended["cancellation_reason"] == "Sold."
        assert ended["ended_at"] > ended["created_at"]
        offer = (await booking.cleaner.get(booking.offer.path)).json()
        assert offer["status"] == "superseded"

    async def test_once_it_is_completed(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        response = await booking.owner.post(f"{booking.job.path}/cancellation")
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "cleaning_ended")
        assert (problem["state"], problem["allowed"]) == ("completed", ["open", "booked"])

    async def test_twice(self, market: Market) -> None:
        job = await make_cleaning(market)
        await job.owner.post(f"{job.path}/cancellation", {"reason": "Sold."})
        response = await job.owner.post(f"{job.path}/cancellation", {"reason": "Burnt down."})
        assert (response.status_code, response.json()["code"]) == (409, "cleaning_ended")
        assert (await job.owner.get(job.path)).json()["cancellation_reason"] == "Sold."


class TestDeletingAJob:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.delete(f"/cleanings/{uuid4()}")).status_code == 401

    async def test_takes_it_out_of_every_list(self, market: Market) -> None:
        offer = await make_offer(market)
        job = offer.job
        assert (await job.owner.delete(job.path)).status_code == 204
        for actor in (job.owner, offer.cleaner):
            assert await actor.items("/cleanings", status="any") == []
            assert await actor.items("/cleanings", q="oven") == []
            assert await actor.items("/feed/cleanings") == []
            assert await actor.items("/offers") == []
            for path in (job.path, f"{job.path}/revisions", f"{job.path}/offers"):
                response = await actor.get(path)
                assert (response.status_code, response.json()["code"]) == (
                    404,
                    "cleaning_not_found",
                )

    async def test_keeps_the_row_and_ends_its_offers(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.delete(offer.job.path)
        rows = await market.app.state.database.fetch(
            "SELECT cleanings.deleted_at, offers.status FROM cleanings JOIN offers"
            " ON offers.cleaning_id = cleanings.id WHERE cleanings.id = $1",
            [offer.job.data["id"]],
        )
        assert rows[0]["deleted_at"] is not None
        assert rows[0]["status"] == "superseded"

    async def test_of_a_version_that_is_no_more(self, market: Market) -> None:
        job = await make_cleaning(market)
        edited = await job.owner.patch(job.path, {"name": "Windows"})
        stale = await job.owner.delete(job.path, headers={"If-Match": job.etag})
        assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
        match = {"If-Match": edited.headers["ETag"]}
        assert (await job.owner.delete(job.path, headers=match)).status_code == 204

    @pytest.mark.parametrize("end", ["completion", "cancellation", "no-show"])
    async def test_once_it_was_booked(self, market: Market, end: str) -> None:
        booking = await make_finished_booking(market, end=end)
        response = await booking.owner.delete(booking.job.path)
        assert (response.status_code, response.json()["code"]) == (409, "cleaning_booked")
        assert (await booking.owner.get(booking.job.path)).status_code == 200


class TestEarlierWordings:
    async def test_need_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(f"/cleanings/{uuid4()}/revisions")).status_code == 401

    async def test_of_a_job_that_does_not_exist(self, market: Market) -> None:
        response = await (await make_user(market)).get(f"/cleanings/{uuid4()}/revisions")
        assert (response.status_code, response.json()["code"]) == (404, "cleaning_not_found")

    async def test_of_a_job_that_was_never_edited(self, market: Market) -> None:
        job = await make_cleaning(market)
        assert await (await make_user(market)).items(f"{job.path}/revisions") == []

    async def test_say_who_replaced_them_and_when(self, market: Market) -> None:
        job = await make_cleaning(market, description="Both ovens", duration=90)
        before = now()
        await job.owner.patch(job.path, {"name": "Windows", "duration": None})
        revision = (await job.owner.items(f"{job.path}/revisions"))[0]
        assert revision["revision"] == 1
        assert revision["terms"] == {name: job.data[name] for name in revision["terms"]}
        assert revision["terms"]["duration"] == 90
        assert revision["edited_by"]["username"] == job.owner.username
        assert before <= datetime.fromisoformat(revision["edited_at"]) <= now()

    async def test_come_newest_first(self, market: Market) -> None:
        job = await make_cleaning(market, name="First")
        for name in ("Second", "Third", "Fourth"):
            await job.owner.patch(job.path, {"name": name})
        revisions = await (await make_user(market)).items(f"{job.path}/revisions", limit=2)
        wordings = [(revision["revision"], revision["terms"]["name"]) for revision in revisions]
        assert wordings == [(3, "Third"), (2, "Second"), (1, "First")]

    async def test_keep_the_address_from_others(self, market: Market) -> None:
        offer = await make_offer(market, await make_cleaning(market, address="3 Mill Lane"))
        path = f"{offer.job.path}/revisions"
        await offer.owner.patch(offer.job.path, {"address": "4 Mill Lane"})
        shown = [
            (await actor.items(path))[0]["terms"]["address"]
            for actor in (offer.owner, offer.cleaner, await make_user(market))
        ]
        assert shown == ["3 Mill Lane", None, None]


class TestJobsOfABlockedOwner:
    async def test_are_hidden_from_every_list(self, market: Market) -> None:
        job = await make_cleaning(market)
        other = await make_user(market)
        await block(market, job.owner)
        for filters in ({}, {"status": "any"}, {"owner": job.owner.username}, {"q": "oven"}):
            assert await other.items("/cleanings", **filters) == []
        assert await other.items("/feed/cleanings") == []

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "", None),
            ("GET", "/revisions", None),
            ("GET", "/offers", None),
            ("POST", "/offers", None),
            ("PATCH", "", {}),
            ("DELETE", "", None),
            ("POST", "/cancellation", None),
        ],
    )
    async def test_are_not_found(
        self, market: Market, method: str, path: str, body: dict[str, Any] | None
    ) -> None:
        job = await make_cleaning(market)
        other = await make_user(market)
        await block(market, job.owner)
        response = await other.request(method, job.path + path, json=body)
        assert (response.status_code, response.json()["code"]) == (404, "cleaning_not_found")
