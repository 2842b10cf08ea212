"""Hiding things: who may, and how it is recorded; and hidden jobs."""

from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import Job, make_cleaning, names
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Actor, Market, make_user
from tests.hiding import AUDITED, GROUNDS, hide, show
from tests.staff import STAFF, SUPERUSER, USER, make_staff

NOWHERE = UUID(int=0)
JOB = f"/admin/cleanings/{NOWHERE}"
PATHS = {
    "job": f"{JOB}/hiding",
    "offer": f"{JOB}/offers/{NOWHERE}/hiding",
    "evaluation": f"{JOB}/bookings/{NOWHERE}/evaluations/{NOWHERE}/hiding",
    "question": f"{JOB}/questions/{NOWHERE}/hiding",
    "answer": f"{JOB}/questions/{NOWHERE}/answers/{NOWHERE}/hiding",
}


async def events(market: Market) -> list[dict[str, Any]]:
    """What has been hidden and shown, oldest first."""
    rows = await market.app.state.database.fetch(
        "SELECT * FROM events WHERE kind IN ('hidden', 'shown') ORDER BY id", ()
    )
    return [dict(row) for row in rows]


class TestHiding:
    @pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    async def test_needs_a_login(self, client: AsyncClient, method: str, path: str) -> None:
        assert (await client.request(method, path, json=GROUNDS)).status_code == 401

    @pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    async def test_what_is_not_there(self, market: Market, method: str, path: str) -> None:
        staff = await make_staff(market)
        response = await staff.request(method, path, json=GROUNDS)
        assert response.status_code == 404

    @pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
    @pytest.mark.parametrize("body", [None, {}, {"reason": " "}, {"reason": "x" * 501}])
    async def test_needs_a_reason(self, market: Market, path: str, body: Any) -> None:
        staff = await make_staff(market)
        assert (await staff.post(path, body)).status_code == 422

    async def test_is_written_down_with_its_reason(self, market: Market) -> None:
        staff, booking = await make_staff(market), await make_finished_booking(market)
        said = await make_evaluation(market, booking)
        answer = await make_answer(market)
        job_id, offer_id = booking.job.data["id"], booking.offer.data["id"]
        things = [
            ("cleaning", booking.job.path, job_id, booking.owner),
            ("offer", booking.offer.path, offer_id, booking.cleaner),
            ("evaluation", f"{booking.path}/evaluations/{said['id']}", said["id"], booking.owner),
            ("answer", answer.path, answer.data["id"], answer.author),
            ("question", answer.question.path, answer.question.data["id"], answer.question.asker),
        ]
        for subject, path, thing_id, whose in things:
            await hide(staff, path)
            await show(staff, path)
            _, *steps = path.split("/")
            job_id, pairs = steps[1], zip(steps[::2], steps[1::2], strict=True)
            ids = {f"{name.removesuffix('s')}_id": key for name, key in pairs}
            for kind, details in (("shown", ids), ("hidden", ids | AUDITED)):
                action = f"{subject}_{kind}"
                (entry,) = await staff.items("/admin/audit", action=action)
                assert entry["actor"]["id"] == str(staff.id)
                assert entry["user"]["id"] == str(whose.id)
                assert entry["details"] == details
            hidden, shown = (await events(market))[-2:]
            assert (hidden["kind"], shown["kind"]) == ("hidden", "shown")
            for event in (hidden, shown):
                assert event["actor_id"] == staff.id
                assert (event["subject"], event["subject_id"]) == (subject, UUID(thing_id))
                assert event["cleaning_id"] == UUID(job_id)

    async def test_twice_happens_once(self, market: Market) -> None:
        staff, job = await make_staff(market), await make_cleaning(market)
        etags = []
        for act in (hide, hide, show, show):
            await act(staff, job.path)
            etags.append((await job.owner.get(job.path)).headers["ETag"])
        assert etags == ['"2"', '"2"', '"3"', '"3"']
        assert [event["kind"] for event in await events(market)] == ["hidden", "shown"]
        assert len(await staff.items("/admin/audit", user_id=job.owner.id)) == 4

    @pytest.mark.parametrize(
        ("rank", "whose", "status"),
        [
            (STAFF, USER, 204),
            (STAFF, STAFF, 403),
            (STAFF, SUPERUSER, 403),
            (SUPERUSER, STAFF, 204),
            (SUPERUSER, SUPERUSER, 204),
        ],
    )
    async def test_goes_by_the_rank_of_whose_it_is(
        self, market: Market, rank: UserRole, whose: UserRole, status: int
    ) -> None:
        caller = await make_user(market, role=rank)
        owner, cleaner = await make_user(market, role=whose), await make_user(market, role=whose)
        offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
        booking = await make_finished_booking(market, offer)
        said = await make_evaluation(market, booking)
        evaluation = f"{booking.path}/evaluations/{said['id']}"
        question = await make_question(market, await make_cleaning(market, cleaner), owner)
        answer = await make_answer(market, question)
        posts = question.path, answer.path
        for path in (booking.job.path, booking.offer.path, evaluation, *posts):
            response = await caller.post(f"/admin{path}/hiding", GROUNDS)
            assert response.status_code == status
            if status == 403:
                assert response.json()["code"] == "rank_too_low"
        assert len(await events(market)) == (5 if status == 204 else 0)

    async def test_is_not_for_what_is_ones_own(self, market: Market) -> None:
        superuser = await make_user(market, role=SUPERUSER)
        job = await make_cleaning(market, superuser)
        offer = await make_offer(market, cleaner=superuser)
        booking = await make_finished_booking(market, offer)
        said = await make_evaluation(market, booking)
        about_oneself = f"{booking.path}/evaluations/{said['id']}"
        for path in (job.path, offer.path, about_oneself):
            response = await superuser.post(f"/admin{path}/hiding", GROUNDS)
            assert response.status_code == 403
            assert response.json()["code"] == "rank_too_low"


class TestAHiddenJob:
    async def hidden(self, market: Market, **terms: Any) -> tuple[Actor, Job]:
        staff, job = await make_staff(market), await make_cleaning(market, **terms)
        await hide(staff, job.path)
        return staff, job

    async def test_is_found_by_nobody_else(self, market: Market) -> None:
        staff, job = await self.hidden(market, area="Old Town")
        offer = await make_offer(market)
        stranger = offer.cleaner
        for path in (job.path, f"{job.path}/offers", f"{job.path}/revisions"):
            response = await stranger.get(path)
            assert response.status_code == 404
            assert response.json()["code"] == "cleaning_not_found"
        for actor in (stranger, staff, job.owner):
            for filters in (
                {},
                {"status": "any"},
                {"sort": "price", "status": "any"},
                {"q": "oven"},
                {"q": "oven", "sort": "newest"},
                {"area": "old town"},
                {"owner": job.owner.username},
            ):
                ids = [item["id"] for item in await actor.items("/cleanings", **filters)]
                assert job.data["id"] not in ids, filters
            for item in await actor.items("/feed/cleanings"):
                assert item["cleaning"]["id"] == offer.job.data["id"]

    async def test_takes_no_changes_of_others(self, market: Market) -> None:
        _, job = await self.hidden(market)
        stranger = await make_user(market)
        for response in (
            await stranger.post(f"{job.path}/offers"),
            await stranger.patch(job.path, {"price": "1.00"}),
            await stranger.post(f"{job.path}/cancellation"),
            await stranger.delete(job.path),
        ):
            assert response.status_code == 404
            assert response.json()["code"] == "cleaning_not_found"

    async def test_is_still_its_owners(self, market: Market) -> None:
        _, job = await self.hidden(market)
        owner = job.owner
        assert (await owner.get(job.path)).json()["hidden"] is True
        for path in (f"{job.path}/offers", f"{job.path}/revisions"):
            assert (await owner.get(path)).status_code == 200
        for filters in ({}, {"status": "any", "sort": "price"}, {"q": "oven"}):
            assert await names(owner, owner="me", **filters) == ["Oven scrub"]
        assert (await owner.post(f"{job.path}/offers")).json()["code"] == "own_cleaning"
        assert (await owner.patch(job.path, {"price": "60.00"})).status_code == 200
        assert (await owner.post(f"{job.path}/cancellation")).status_code == 200
        assert (await owner.delete(job.path)).status_code == 204

    async def test_can_not_be_booked(self, market: Market) -> None:
        staff, offer = await make_staff(market), await make_offer(market)
        await hide(staff, offer.job.path)
        response = await offer.owner.post(f"{offer.path}/acceptance")
        assert response.status_code == 409
        assert response.json()["code"] == "cleaning_hidden"
        await show(staff, offer.job.path)
        assert (await offer.owner.post(f"{offer.path}/acceptance")).status_code == 201

    async def test_leaves_offers_to_their_cleaners(self, market: Market) -> None:
        staff, offer = await make_staff(market), await make_offer(market)
        await hide(staff, offer.job.path)
        cleaner = offer.cleaner
        assert [item["id"] for item in await cleaner.items("/offers")] == [offer.data["id"]]
        assert (await cleaner.get(offer.path)).status_code == 200
        assert (await cleaner.post(f"{offer.path}/withdrawal")).status_code == 200
        response = await cleaner.post(f"{offer.path}/renewal")
        assert response.status_code == 409
        assert response.json()["code"] == "cleaning_hidden"

    async def test_that_is_booked_is_still_its_cleaners(self, market: Market) -> None:
        staff, booking = await make_staff(market), await make_booking(market)
        rival = await make_user(market)
        await hide(staff, booking.job.path)
        shown = (await booking.cleaner.get(booking.job.path)).json()
        assert (shown["status"], shown["hidden"]) == ("booked", True)
        assert (await rival.get(booking.job.path)).status_code == 404

    @pytest.mark.parametrize(
        ("side", "end", "status"),
        [("owner", "completion", "completed"), ("cleaner", "cancellation", "open")],
    )
    async def test_that_is_booked_goes_on(
        self, market: Market, side: str, end: str, status: str
    ) -> None:
        staff, booking = await make_staff(market), await make_booking(market)
        await hide(staff, booking.job.path)
        actor: Actor = getattr(booking, side)
        assert len(await actor.items("/bookings")) == 1
        assert (await actor.post(f"{booking.path}/{end}")).status_code == 200
        assert (await booking.owner.get(booking.job.path)).json()["status"] == status
        assert await names(staff, status="any") == []

    async def test_is_as_before_when_it_is_shown_again(self, market: Market) -> None:
        staff, job = await self.hidden(market)
        await show(staff, job.path)
        found = (await staff.get(job.path)).json()
        assert found["hidden"] is False
        assert await names(staff) == await names(staff, q="oven") == ["Oven scrub"]
        kinds = [item["kind"] for item in await staff.items("/feed/cleanings")]
        assert kinds == ["created"]  # that it was hidden meanwhile is nobody's business
