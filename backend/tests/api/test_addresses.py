"""The addresses of jobs: who sees them, and when."""

import pytest

from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, make_user


class TestTheAddress:
    """Only the owner sees it, and the cleaner who is booked, while they are."""

    async def addresses(self, job: str, *actors: Actor) -> list[str | None]:
        """What each of them sees: alone, in the list of jobs, and in the feed."""
        seen = []
        for actor in actors:
            alone = (await actor.get(job)).json()["address"]
            browsed = [item["address"] for item in await actor.items("/cleanings", status="any")]
            fed = {item["cleaning"]["address"] for item in await actor.items("/feed/cleanings")}
            assert browsed == [alone]
            assert fed == {alone}
            seen.append(alone)
        return seen

    async def test_before_the_job_is_booked(self, market: Market) -> None:
        offer = await make_offer(market, await make_cleaning(market, address="3 Mill Lane"))
        seen = await self.addresses(
            offer.job.path, offer.owner, offer.cleaner, await make_user(market)
        )
        assert seen == ["3 Mill Lane", None, None]

    async def test_while_it_is_booked(self, market: Market) -> None:
        rival = await make_offer(market, await make_cleaning(market, address="3 Mill Lane"))
        booking = await make_booking(market, await make_offer(market, rival.job))
        seen = await self.addresses(
            rival.job.path, booking.owner, booking.cleaner, rival.cleaner, await make_user(market)
        )
        assert seen == ["3 Mill Lane", "3 Mill Lane", None, None]

    @pytest.mark.parametrize("end", ["completion", "cancellation", "no-show"])
    async def test_after_the_booking_has_ended(self, market: Market, end: str) -> None:
        job = await make_cleaning(market, address="3 Mill Lane")
        booking = await make_finished_booking(market, await make_offer(market, job), end)
        seen = await self.addresses(job.path, booking.owner, booking.cleaner)
        assert seen == ["3 Mill Lane", None]
