"""Hidden offers and evaluations: who still sees them, and what can still be done with them."""

from typing import Any

from tests.factories.bookings import MadeBooking, make_booking, make_finished_booking
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.users import Actor, Market, make_user
from tests.hiding import GROUNDS, hide, show
from tests.invariants import assert_invariants
from tests.staff import make_staff


class TestAHiddenOffer:
    async def hidden(
        self, market: Market, offer: MadeOffer | None = None
    ) -> tuple[Actor, MadeOffer]:
        staff, offer = await make_staff(market), offer or await make_offer(market)
        await hide(staff, offer.path)
        return staff, offer

    async def test_is_not_there_for_the_owner_of_the_job(self, market: Market) -> None:
        _, offer = await self.hidden(market)
        owner = offer.owner
        assert await owner.items(f"{offer.job.path}/offers") == []
        detail = (await owner.get(offer.job.path)).json()
        assert detail["offer_count"] == detail["offer_counts"]["pending"] == 0
        for response in (
            await owner.get(offer.path),
            await owner.post(f"{offer.path}/acceptance"),
            await owner.post(f"{offer.path}/rejection"),
        ):
            assert response.status_code == 404
            assert response.json()["code"] == "offer_not_found"

    async def test_is_still_its_cleaners(self, market: Market) -> None:
        _, offer = await self.hidden(market)
        cleaner = offer.cleaner
        assert (await cleaner.get(offer.path)).json()["hidden"] is True
        for path in ("/offers", f"{offer.job.path}/offers"):
            assert [item["hidden"] for item in await cleaner.items(path)] == [True]
        assert (await cleaner.get(offer.job.path)).json()["my_offer"]["hidden"] is True
        assert (await cleaner.patch(offer.path, {"message": "Sorry"})).status_code == 200
        assert (await cleaner.post(f"{offer.path}/withdrawal")).status_code == 200

    async def test_leaves_a_booking_alone(self, market: Market) -> None:
        booking = await make_booking(market)
        await self.hidden(market, booking.offer)
        assert (await booking.owner.get(booking.path)).status_code == 200
        assert (await booking.owner.post(f"{booking.path}/completion")).status_code == 200
        await assert_invariants(market.app)

    async def test_is_superseded_like_others(self, market: Market) -> None:
        _, offer = await self.hidden(market)
        await make_booking(market, await make_offer(market, offer.job))
        assert (await offer.cleaner.get(offer.path)).json()["status"] == "superseded"

    async def test_is_as_before_when_it_is_shown_again(self, market: Market) -> None:
        staff, offer = await self.hidden(market)
        await show(staff, offer.path)
        assert (await offer.owner.get(offer.path)).json()["hidden"] is False
        assert (await offer.owner.get(offer.job.path)).json()["offer_count"] == 1
        assert (await offer.owner.post(f"{offer.path}/acceptance")).status_code == 201


class TestAHiddenEvaluation:
    async def made(
        self, market: Market, cleaner: Actor, end: str = "completion", **draft: Any
    ) -> tuple[MadeBooking, str]:
        """An evaluation of a user, and its path."""
        offer = await make_offer(market, cleaner=cleaner)
        booking = await make_finished_booking(market, offer, end)
        said = await make_evaluation(market, booking, **draft)
        return booking, f"{booking.path}/evaluations/{said['id']}"

    async def shown(self, staff: Actor, cleaner: Actor) -> tuple[Any, Any, Any, Any]:
        """What everyone sees: the list, what it adds up to, and the average elsewhere."""
        path = f"/profiles/{cleaner.username}/evaluations"
        listed = [item["overall_rating"] for item in await staff.items(path)]
        stats = (await staff.get(f"{path}/stats")).json()
        offer = (await cleaner.items("/offers"))[0]
        return listed, stats, offer["cleaner"]["rating"], stats["overall_rating"]["average"]

    async def test_is_in_no_list_and_no_rating(self, market: Market) -> None:
        staff, cleaner = await make_staff(market), await make_user(market)
        await self.made(market, cleaner, overall_rating=4, efficiency=3)
        before = await self.shown(staff, cleaner)
        _, path = await self.made(
            market, cleaner, "no-show", overall_rating=1, efficiency=1, professionalism=2
        )
        assert (await self.shown(staff, cleaner))[0] == [1, 4]
        await hide(staff, path)
        await hide(staff, path)
        assert await self.shown(staff, cleaner) == before
        await assert_invariants(market.app)

    async def test_is_still_its_authors(self, market: Market) -> None:
        staff, cleaner = await make_staff(market), await make_user(market)
        booking, path = await self.made(market, cleaner)
        own = f"{booking.path}/evaluation"
        before = await booking.owner.get(own)
        assert before.json()["hidden"] is False
        await hide(staff, path)
        hidden = await booking.owner.get(own)
        assert hidden.json() == before.json() | {"hidden": True}
        assert hidden.headers["ETag"] != before.headers["ETag"]
        again = await booking.owner.post(own, {"overall_rating": 5})
        assert again.json()["code"] == "already_evaluated"
        await show(staff, path)
        assert (await booking.owner.get(own)).headers["ETag"] == before.headers["ETag"]

    async def test_is_as_before_when_it_is_shown_again(self, market: Market) -> None:
        staff, cleaner = await make_staff(market), await make_user(market)
        _, path = await self.made(market, cleaner, overall_rating=2, completeness=5)
        before = await self.shown(staff, cleaner)
        await hide(staff, path)
        listed, stats, rating, _ = await self.shown(staff, cleaner)
        assert (listed, stats["total"], rating) == ([], 0, {"average": None, "total": 0})
        await assert_invariants(market.app)
        await show(staff, path)
        await show(staff, path)
        assert await self.shown(staff, cleaner) == before
        await assert_invariants(market.app)

    async def test_is_found_under_its_own_booking_only(self, market: Market) -> None:
        staff, cleaner = await make_staff(market), await make_user(market)
        _, path = await self.made(market, cleaner)
        other = await make_finished_booking(market)
        evaluation_id = path.rpartition("/")[2]
        elsewhere = f"/admin{other.path}/evaluations/{evaluation_id}/hiding"
        response = await staff.post(elsewhere, GROUNDS)
        assert response.status_code == 404
        assert response.json()["code"] == "evaluation_not_found"
