"""Jobs that come from orders: booked from the beginning, and seen by their two sides only."""

from typing import Any

import pytest

from app.worker.clock import Clock, Step
from tests.factories.categories import category_slug
from tests.factories.checklists import bring_item
from tests.factories.cleanings import Job, date_back
from tests.factories.orders import OrderedBooking, accept, make_order, stock_of
from tests.factories.packages import make_package
from tests.factories.users import Actor, Market, make_user
from tests.hiding import GROUNDS
from tests.invariants import assert_invariants
from tests.staff import make_staff


async def make_booking(market: Market, **draft: Any) -> OrderedBooking:
    """The booking of an accepted order."""
    return await accept(await make_order(market, **draft))


async def start(market: Market, booking: OrderedBooking, **ago: float) -> None:
    """Has the work have begun some time ago."""
    job = Job(booking.order.customer, {"id": booking.data["cleaning_id"]}, "")
    await date_back(market, job, **ago)


async def job_status(booking: OrderedBooking) -> str:
    """The state of the job."""
    return str((await booking.order.customer.get(booking.job_path)).json()["status"])


class TestSeeing:
    async def test_is_for_the_two_sides(self, market: Market) -> None:
        booking = await make_booking(market, address="3 Mill Lane")
        order = booking.order
        for side in (order.customer, order.cleaner):
            job = (await side.get(booking.job_path)).json()
            assert (job["status"], job["order_id"]) == ("booked", order.data["id"])
            assert job["address"] == "3 Mill Lane"
            assert len(await side.items(f"{booking.job_path}/bookings")) == 1
            assert len(await side.items("/bookings")) == 1

    async def test_is_for_the_two_sides_after_the_end(self, market: Market) -> None:
        booking = await make_booking(market, address="3 Mill Lane")
        order = booking.order
        await order.customer.post(f"{booking.path}/cancellation")
        job = (await order.cleaner.get(booking.job_path)).json()
        assert (job["status"], job["address"]) == ("cancelled", None)
        assert (await order.cleaner.get(order.path)).json()["address"] is None
        assert (await order.customer.get(order.path)).json()["address"] == "3 Mill Lane"

    async def test_is_not_for_strangers(self, market: Market) -> None:
        booking = await make_booking(market)
        stranger, staff = await make_user(market), await make_staff(market)
        for path in ("", "/offers", "/revisions", "/bookings"):
            for actor in (stranger, staff):
                response = await actor.get(f"{booking.job_path}{path}")
                assert (response.status_code, response.json()["code"]) == (
                    404,
                    "cleaning_not_found",
                )
        changes: list[tuple[str, str, Any]] = [
            ("POST", "/offers", {}),
            ("POST", "/cancellation", {}),
            ("PATCH", "", {"name": "Windows"}),
            ("DELETE", "", None),
        ]
        for method, path, body in changes:
            response = await stranger.request(method, f"{booking.job_path}{path}", json=body)
            assert (response.status_code, response.json()["code"]) == (404, "cleaning_not_found")

    @pytest.mark.parametrize("end", [None, "cancellation", "completion"])
    async def test_is_in_no_list(self, market: Market, end: str | None) -> None:
        booking = await make_booking(market)
        order = booking.order
        if end == "completion":
            await start(market, booking)
        if end:
            assert (await order.customer.post(f"{booking.path}/{end}")).status_code == 200
        name = booking.data["terms"]["name"]
        for actor in (order.customer, order.cleaner, await make_user(market)):
            for filters in (
                {},
                {"sort": "price"},
                {"sort": "oldest", "currency": "EUR"},
                {"q": name},
                {"q": name, "sort": "newest"},
                {"owner": order.customer.username},
                {"owner": "me"},
            ):
                assert await actor.items("/cleanings", status="any", **filters) == []
            assert await actor.items("/feed/cleanings") == []

    async def test_takes_no_offers_of_anyone(self, market: Market) -> None:
        booking = await make_booking(market)
        for side in (booking.order.customer, booking.order.cleaner):
            response = await side.post(f"{booking.job_path}/offers")
            assert response.status_code == 409


class TestTheCategory:
    async def test_is_that_of_all_packages(self, market: Market) -> None:
        seller = await make_user(market)
        packages = [await make_package(market, seller) for _ in range(2)]
        await bring_item(market, packages[0].data["category"])
        booking = await accept(await make_order(market, *packages))
        assert booking.data["terms"]["category"] == packages[0].data["category"]
        assert [item["code"] for item in booking.data["checklist"]] == ["floors"]

    async def test_is_none_of_several(self, market: Market) -> None:
        seller, other = await make_user(market), await category_slug(market)
        packages = [
            await make_package(market, seller),
            await make_package(market, seller, category=other),
        ]
        for package in packages:
            await bring_item(market, package.data["category"])
        booking = await accept(await make_order(market, *packages))
        assert booking.data["terms"]["category"] is None
        assert booking.data["checklist"] == []


async def end_by(actor: Actor, path: str) -> None:
    assert (await actor.post(path)).status_code == 200


class TestTheBooking:
    async def test_is_reported_completed_and_evaluated(self, market: Market) -> None:
        booking = await make_booking(market)
        order = booking.order
        await start(market, booking)
        await end_by(order.cleaner, f"{booking.path}/completion-report")
        await end_by(order.customer, f"{booking.path}/completion")
        for side in (order.customer, order.cleaner):
            said = await side.post(f"{booking.path}/evaluation", {"overall_rating": 5})
            assert said.status_code == 201
        stats = await order.customer.get(f"/profiles/{order.cleaner.username}/evaluations/stats")
        assert stats.json()["total"] == 1
        assert await job_status(booking) == "completed"
        await assert_invariants(market.app)

    @pytest.mark.parametrize("who", ["customer", "cleaner"])
    async def test_that_is_cancelled_cancels_the_job_and_keeps_the_stock_taken(
        self, market: Market, who: str
    ) -> None:
        package = await make_package(market, stock=5)
        booking = await accept(await make_order(market, package, quantity=2))
        await end_by(getattr(booking.order, who), f"{booking.path}/cancellation")
        assert await job_status(booking) == "cancelled"
        assert await stock_of(package) == 3
        offer = f"{booking.job_path}/offers/{booking.data['offer_id']}"
        response = await booking.order.cleaner.post(f"{offer}/renewal")
        assert (response.status_code, response.json()["code"]) == (409, "cleaning_not_open")
        change = {"starts_at": "2101-01-01T09:00:00Z"}
        response = await booking.order.customer.patch(booking.job_path, change)
        assert (response.status_code, response.json()["code"]) == (409, "cleaning_not_open")
        await assert_invariants(market.app)

    async def test_that_is_missed_cancels_the_job(self, market: Market) -> None:
        booking = await make_booking(market)
        await start(market, booking)
        await end_by(booking.order.customer, f"{booking.path}/no-show")
        assert await job_status(booking) == "cancelled"
        said = await booking.order.customer.post(
            f"{booking.path}/evaluation", {"overall_rating": 1}
        )
        assert said.json()["no_show"]
        await assert_invariants(market.app)

    async def test_that_is_forgotten_cancels_the_job(self, market: Market) -> None:
        booking = await make_booking(market)
        await start(market, booking, days=20)
        clock = Clock(market.app.state.database)
        await clock.tick()
        assert +clock.done == {Step.BOOKING_CANCELLED: 1}
        assert await job_status(booking) == "cancelled"
        await assert_invariants(market.app)

    async def test_is_cancelled_with_its_job(self, market: Market) -> None:
        booking = await make_booking(market)
        await end_by(booking.order.customer, f"{booking.job_path}/cancellation")
        shown = (await booking.order.cleaner.get(booking.path)).json()
        assert (shown["status"], shown["cancelled_by"]) == ("cancelled", "owner")
        await assert_invariants(market.app)

    async def test_cannot_be_deleted_with_its_job(self, market: Market) -> None:
        booking = await make_booking(market)
        response = await booking.order.customer.delete(booking.job_path)
        assert (response.status_code, response.json()["code"]) == (409, "cleaning_booked")


class TestHiding:
    async def test_a_package_leaves_its_orders(self, market: Market) -> None:
        package = await make_package(market, stock=5)
        order = await make_order(market, package)
        staff = await make_staff(market)
        hidden = await staff.post(f"/admin{package.path}/hiding", GROUNDS)
        assert hidden.status_code == 204
        await accept(order)
        await assert_invariants(market.app)
