"""Evaluations: what the two sides of a booking say of each other, and what it adds up to."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.factories.bookings import MadeBooking, make_booking, make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, block, make_user

CRITERIA = ["professionalism", "completeness", "efficiency"]
NOTHING = {"average": None, "min": None, "max": None}
EMPTY_STATS = {
    "total": 0,
    "no_shows": 0,
    "overall_rating": NOTHING | {"stars": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0}},
    "professionalism": NOTHING,
    "completeness": NOTHING,
    "efficiency": NOTHING,
}


async def finished(market: Market, cleaner: Actor, end: str = "completion") -> MadeBooking:
    """A booking of somebody that has ended."""
    return await make_finished_booking(market, await make_offer(market, cleaner=cleaner), end)


async def stats(market: Market, actor: Actor, **params: Any) -> dict[str, Any]:
    """What everyone sees of somebody's evaluations, summed up."""
    path = f"/profiles/{actor.username}/evaluations/stats"
    response = await (await make_user(market)).get(path, params=params)
    assert response.status_code == 200
    summed_up: dict[str, Any] = response.json()
    return summed_up


class TestEvaluating:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        path = f"/cleanings/{uuid4()}/bookings/{uuid4()}/evaluation"
        assert (await client.post(path, json={"overall_rating": 5})).status_code == 401

    async def test_a_cleaner(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        draft = {
            "overall_rating": 4,
            "professionalism": 5,
            "completeness": 3,
            "efficiency": 1,
            "headline": "Spotless",
            "comment": "Came early.\nLeft late.",
        }
        response = await booking.owner.post(f"{booking.path}/evaluation", draft)
        assert response.status_code == 201
        said = response.json()
        assert draft.items() <= said.items()
        assert (said["role"], said["no_show"]) == ("cleaner", False)
        assert said["booking_id"] == booking.data["id"]
        assert said["author"]["username"] == booking.owner.username
        assert said["subject"]["username"] == booking.cleaner.username

    @pytest.mark.parametrize("name", ["owner", "cleaner"])
    async def test_somebody_who_has_deleted_their_account(self, market: Market, name: str) -> None:
        booking = await make_finished_booking(market)
        gone = getattr(booking, name)
        author = booking.cleaner if gone is booking.owner else booking.owner
        assert (await gone.delete("/users/me")).status_code == 204
        response = await author.post(f"{booking.path}/evaluation", {"overall_rating": 1})
        assert response.status_code == 409
        assert response.json()["code"] == "other_side_deleted"

    async def test_an_owner(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        draft = {"overall_rating": 2, "headline": "Tidy", "comment": "Good coffee."}
        response = await booking.cleaner.post(f"{booking.path}/evaluation", draft)
        assert response.status_code == 201
        said = response.json()
        assert (draft | dict.fromkeys(CRITERIA)).items() <= said.items()
        assert (said["role"], said["no_show"]) == ("owner", False)
        assert said["author"]["username"] == booking.cleaner.username
        assert said["subject"]["username"] == booking.owner.username

    async def test_needs_no_more_than_an_overall_rating(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        refused = await booking.owner.post(f"{booking.path}/evaluation", {"headline": "Fine"})
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == ["overall_rating"]
        said = await make_evaluation(market, booking, overall_rating=1)
        assert [said[name] for name in [*CRITERIA, "headline", "comment"]] == [None] * 5

    async def test_is_found_where_its_location_says(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        said = await booking.owner.post(f"{booking.path}/evaluation", {"overall_rating": 5})
        found = await booking.owner.get(said.headers["Location"].removeprefix("/api/v1"))
        assert found.json() == said.json()
        assert found.headers["ETag"] == said.headers["ETag"]

    @pytest.mark.parametrize("field", ["overall_rating", *CRITERIA])
    @pytest.mark.parametrize("rating", [0, 6, 4.5, "5"])
    async def test_takes_whole_stars_from_one_to_five(
        self, market: Market, field: str, rating: object
    ) -> None:
        booking = await make_finished_booking(market)
        draft = {"overall_rating": 5, field: rating}
        response = await booking.owner.post(f"{booking.path}/evaluation", draft)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]

    @pytest.mark.parametrize("field", CRITERIA)
    async def test_owners_are_rated_as_a_whole(self, market: Market, field: str) -> None:
        booking = await make_finished_booking(market)
        draft = {"overall_rating": 5, field: 5}
        response = await booking.cleaner.post(f"{booking.path}/evaluation", draft)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]
        assert await stats(market, booking.owner, role="owner") == EMPTY_STATS

    async def test_after_a_no_show(self, market: Market) -> None:
        booking = await make_finished_booking(market, end="no-show")
        assert (await make_evaluation(market, booking, overall_rating=1))["no_show"] is True
        of_owner = await make_evaluation(market, booking, booking.cleaner)
        assert of_owner["no_show"] is False  # it was not the owner who did not come

    async def test_cannot_claim_a_no_show(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        draft = {"overall_rating": 1, "no_show": True}
        response = await booking.owner.post(f"{booking.path}/evaluation", draft)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["no_show"]

    async def test_before_the_booking_has_ended(self, market: Market) -> None:
        booking = await make_booking(market)
        response = await booking.owner.post(f"{booking.path}/evaluation", {"overall_rating": 5})
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "booking_not_finished")
        assert (problem["state"], problem["allowed"]) == ("scheduled", ["completed", "no_show"])

    async def test_of_a_cancelled_booking(self, market: Market) -> None:
        booking = await make_finished_booking(market, end="cancellation")
        response = await booking.cleaner.post(f"{booking.path}/evaluation", {"overall_rating": 5})
        assert (response.status_code, response.json()["code"]) == (409, "booking_not_finished")

    @pytest.mark.parametrize("side", ["owner", "cleaner"])
    async def test_twice(self, market: Market, side: str) -> None:
        booking = await make_finished_booking(market)
        author: Actor = getattr(booking, side)
        said = await make_evaluation(market, booking, author, overall_rating=5)
        response = await author.post(f"{booking.path}/evaluation", {"overall_rating": 1})
        assert (response.status_code, response.json()["code"]) == (409, "already_evaluated")
        assert (await author.get(f"{booking.path}/evaluation")).json() == said

    async def test_is_for_the_two_sides(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        stranger = await make_user(market)
        response = await stranger.post(f"{booking.path}/evaluation", {"overall_rating": 1})
        assert (response.status_code, response.json()["code"]) == (404, "booking_not_found")


class TestReadingOnesOwnEvaluation:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        path = f"/cleanings/{uuid4()}/bookings/{uuid4()}/evaluation"
        assert (await client.get(path)).status_code == 401

    async def test_shows_what_one_said_oneself(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        of_cleaner = await make_evaluation(market, booking)
        missing = await booking.cleaner.get(f"{booking.path}/evaluation")
        assert (missing.status_code, missing.json()["code"]) == (404, "evaluation_not_found")
        of_owner = await make_evaluation(market, booking, booking.cleaner)
        assert (await booking.cleaner.get(f"{booking.path}/evaluation")).json() == of_owner
        assert (await booking.owner.get(f"{booking.path}/evaluation")).json() == of_cleaner


class TestEvaluationsOfAUser:
    @pytest.mark.parametrize("path", ["", "/stats"])
    async def test_need_a_login(self, client: AsyncClient, path: str) -> None:
        assert (await client.get(f"/profiles/anna/evaluations{path}")).status_code == 401

    @pytest.mark.parametrize("path", ["", "/stats"])
    async def test_who_does_not_exist_or_is_blocked(self, market: Market, path: str) -> None:
        actor, blocked = await make_user(market), await make_user(market)
        await block(market, blocked)
        for username in ("nobody", blocked.username):
            response = await actor.get(f"/profiles/{username}/evaluations{path}")
            assert (response.status_code, response.json()["code"]) == (404, "profile_not_found")

    async def test_come_newest_first_and_by_role(self, market: Market) -> None:
        actor = await make_user(market)
        as_cleaner, as_owner = [], []
        for _ in range(3):
            as_cleaner.append(await make_evaluation(market, await finished(market, actor)))
            offer = await make_offer(market, await make_cleaning(market, actor))
            booking = await make_finished_booking(market, offer)
            as_owner.append(await make_evaluation(market, booking, booking.cleaner))
        path = f"/profiles/{actor.username.upper()}/evaluations"
        for limit in (1, 2, 20):
            assert await actor.items(path, limit=limit) == as_cleaner[::-1]
            assert await actor.items(path, limit=limit, role="cleaner") == as_cleaner[::-1]
            assert await actor.items(path, limit=limit, role="owner") == as_owner[::-1]


class TestStats:
    @pytest.mark.parametrize("params", [{}, {"role": "cleaner"}, {"role": "owner"}])
    async def test_without_an_evaluation(self, market: Market, params: dict[str, str]) -> None:
        assert await stats(market, await make_user(market), **params) == EMPTY_STATS

    async def test_sum_up_what_owners_say(self, market: Market) -> None:
        cleaner = await make_user(market)
        drafts: list[dict[str, Any]] = [
            {"overall_rating": 5, "professionalism": 2, "completeness": 4},
            {"overall_rating": 2, "professionalism": 5},
            {"overall_rating": 4},
            {"overall_rating": 5, "professionalism": 1},
        ]
        for draft in drafts:
            await make_evaluation(market, await finished(market, cleaner), **draft)
        missed = await finished(market, cleaner, "no-show")
        await make_evaluation(market, missed, overall_rating=2, professionalism=3)
        assert await stats(market, cleaner) == {
            "total": 5,
            "no_shows": 1,
            "overall_rating": {
                "average": 3.6,
                "min": 2,
                "max": 5,
                "stars": {"1": 0, "2": 2, "3": 0, "4": 1, "5": 2},
            },
            "professionalism": {"average": 2.75, "min": 1, "max": 5},
            "completeness": {"average": 4.0, "min": 4, "max": 4},
            "efficiency": NOTHING,
        }

    async def test_keep_the_roles_apart(self, market: Market) -> None:
        actor = await make_user(market)
        booking = await finished(market, actor)
        await make_evaluation(market, booking, overall_rating=1)
        await make_evaluation(market, booking, actor, overall_rating=5)
        assert (await stats(market, actor))["overall_rating"]["max"] == 1
        assert await stats(market, actor, role="owner") == EMPTY_STATS
        assert (await stats(market, booking.owner, role="owner"))["overall_rating"]["min"] == 5
        assert await stats(market, booking.owner, role="cleaner") == EMPTY_STATS

    async def test_count_a_no_show_once_it_is_evaluated(self, market: Market) -> None:
        cleaner = await make_user(market)
        booking = await finished(market, cleaner, "no-show")
        assert (await stats(market, cleaner))["no_shows"] == 0
        await make_evaluation(market, booking, overall_rating=1)
        assert (await stats(market, cleaner))["no_shows"] == 1


class TestTheRating:
    @staticmethod
    async def rated(market: Market) -> Actor:
        """Somebody who has three evaluations as a cleaner, and one as an owner."""
        actor = await make_user(market)
        for stars in (5, 4, 4):
            await make_evaluation(market, await finished(market, actor), overall_rating=stars)
        offer = await make_offer(market, await make_cleaning(market, actor))
        booking = await make_finished_booking(market, offer)
        await make_evaluation(market, booking, booking.cleaner, overall_rating=3)
        return actor

    async def test_of_a_cleaner_is_shown_with_their_offers(self, market: Market) -> None:
        offer = await make_offer(market, cleaner=await self.rated(market))
        rating = offer.data["cleaner"]["rating"]
        assert rating == {"average": 4.33, "total": 3}
        listed = await offer.owner.items(f"{offer.job.path}/offers")
        assert [item["cleaner"]["rating"] for item in listed] == [rating]

    async def test_of_an_owner_is_shown_with_their_jobs(self, market: Market) -> None:
        job = await make_cleaning(market, await self.rated(market))
        assert job.data["owner"]["rating"] == {"average": 3.0, "total": 1}
        actor = await make_user(market)
        browsed = await actor.items("/cleanings")
        assert [item["owner"] for item in browsed] == [job.data["owner"]]
        fed = await actor.items("/feed/cleanings", limit=1)
        assert fed[0]["cleaning"]["owner"] == job.data["owner"]
