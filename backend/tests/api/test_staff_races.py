"""Races of staff with each other and with users."""

import pytest

from app.db.models.users import UserRole
from tests.factories.bookings import make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, make_user
from tests.races import TRIES, outcome, race

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]
GROUNDS = {"reason": "Not a cleaning job."}


class TestLookingAfterTheMarket:
    async def make_superusers(self, market: Market) -> list[Actor]:
        return [await make_user(market, role=UserRole.SUPERUSER) for _ in range(2)]

    @pytest.mark.parametrize(
        ("method", "end", "body", "loser"),
        [
            ("PUT", "role", {"role": "user"}, {"superuser_only", "staff_only"}),
            ("POST", "block", GROUNDS, {"unauthenticated"}),
        ],
    )
    async def test_two_superusers_never_end_each_other(
        self, market: Market, method: str, end: str, body: dict[str, str], loser: set[str]
    ) -> None:
        for attempt in range(TRIES):
            one, other = await self.make_superusers(market)
            responses = await race(
                attempt,
                one.request(method, f"/admin/users/{other.id}/{end}", json=body),
                other.request(method, f"/admin/users/{one.id}/{end}", json=body),
            )
            answers = outcome(*responses)
            assert answers.count(200) == 1
            answers.remove(200)
            assert set(answers) <= loser

    async def test_hiding_a_job_against_the_acceptance_of_an_offer(self, market: Market) -> None:
        staff, _ = await self.make_superusers(market)
        owner, cleaner = await make_user(market), await make_user(market)
        for attempt in range(TRIES):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            responses = await race(
                attempt,
                staff.post(f"/admin{offer.job.path}/hiding", GROUNDS),
                owner.post(f"{offer.path}/acceptance"),
            )
            assert outcome(*responses) in ([204, 201], [204, "cleaning_hidden"])

    async def test_hiding_a_job_against_the_deletion_of_its_owners_account(
        self, market: Market
    ) -> None:
        staff, _ = await self.make_superusers(market)
        for attempt in range(TRIES):
            offer = await make_offer(market)
            responses = await race(
                attempt,
                staff.post(f"/admin{offer.job.path}/hiding", GROUNDS),
                staff.post(f"/admin{offer.path}/hiding", GROUNDS),
                offer.owner.delete("/users/me"),
                offer.cleaner.delete("/users/me"),
            )
            assert outcome(*responses) == [204] * 4

    async def test_hiding_an_evaluation_twice_while_another_is_written(
        self, market: Market
    ) -> None:
        one, other = await self.make_superusers(market)
        for attempt in range(TRIES):
            cleaner = await make_user(market)
            bookings = [
                await make_finished_booking(market, await make_offer(market, cleaner=cleaner))
                for _ in range(2)
            ]
            said = await make_evaluation(market, bookings[0], overall_rating=1)
            path = f"/admin{bookings[0].path}/evaluations/{said['id']}/hiding"
            responses = await race(
                attempt,
                one.post(path, GROUNDS),
                bookings[1].owner.post(f"{bookings[1].path}/evaluation", {"overall_rating": 4}),
                other.post(path, GROUNDS),
            )
            assert outcome(*responses) == [204, 201, 204]
            stats = await cleaner.get(f"/profiles/{cleaner.username}/evaluations/stats")
            assert stats.json()["overall_rating"]["average"] == 4
