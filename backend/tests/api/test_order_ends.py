"""Orders: accepting, declining and cancelling them, their expiry, and their lists."""

from typing import Any

import pytest

from app.worker.clock import Clock, Step
from tests.factories.orders import (
    accept,
    let_answer_lapse,
    make_order,
    stock_of,
)
from tests.factories.packages import make_package
from tests.factories.users import Actor, Market, make_user
from tests.invariants import assert_invariants

ADDRESS: dict[str, Any] = {"area": "Old Town", "address": "3 Mill Lane", "note": "Ring twice."}


async def refusal(actor: Actor, path: str, json: Any = None) -> tuple[int, str]:
    """The status and the code of a refused request."""
    response = await actor.post(path, json)
    return response.status_code, response.json()["code"]


class TestAccepting:
    async def test_makes_a_booking_at_the_total(self, market: Market) -> None:
        seller = await make_user(market)
        oven = await make_package(market, seller, name="Oven", price="50.00", stock=5)
        windows = await make_package(market, seller, name="Windows", price="7.50", duration=20)
        order = await make_order(market, oven, windows, quantity=2, **ADDRESS)
        assert (await seller.get(order.path)).json()["address"] is None
        response = await seller.post(f"{order.path}/acceptance")
        booking = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == (
            f"/api/v1/cleanings/{booking['cleaning_id']}/bookings/{booking['id']}"
        )
        assert (booking["status"], booking["price"]) == ("scheduled", "115.00")
        assert booking["order_id"] == order.data["id"]
        assert booking["terms"]["name"] == "2 x Oven, 2 x Windows"
        assert booking["terms"]["description"] == (
            "2 x Oven: 100.00 EUR\n2 x Windows: 15.00 EUR\n\nRing twice."
        )
        assert (booking["terms"]["area"], booking["terms"]["address"]) == (
            "Old Town",
            "3 Mill Lane",
        )
        for side in (order.customer, seller):
            shown = (await side.get(order.path)).json()
            assert (shown["status"], shown["address"]) == ("accepted", "3 Mill Lane")
            assert (shown["cleaning_id"], shown["booking_id"]) == (
                booking["cleaning_id"],
                booking["id"],
            )
            other = order.customer if side is seller else seller
            profile = (await side.get(f"/profiles/{other.username}")).json()
            assert profile["email"] == other.email
        (offer,) = await seller.items("/offers")
        assert (offer["status"], offer["price"]) == ("accepted", "115.00")
        assert await stock_of(oven) == 3
        await assert_invariants(market.app)

    async def test_of_another_version(self, market: Market) -> None:
        order = await make_order(market)
        headers = {"If-Match": '"7"'}
        response = await order.cleaner.post(f"{order.path}/acceptance", headers=headers)
        assert (response.status_code, response.json()["code"]) == (412, "precondition_failed")
        headers = {"If-Match": order.etag}
        response = await order.cleaner.post(f"{order.path}/acceptance", headers=headers)
        assert response.status_code == 201

    async def test_shortens_a_long_name(self, market: Market) -> None:
        seller = await make_user(market)
        packages = [await make_package(market, seller, name="W" * 70) for _ in range(2)]
        booking = await accept(await make_order(market, *packages))
        assert booking.data["terms"]["name"] == f"{'W' * 70}, {'W' * 47}…"

    async def test_writes_whole_sums_in_a_currency_without_a_minor_unit(
        self, market: Market
    ) -> None:
        package = await make_package(market, name="Windows", price="45000.00", currency="KRW")
        booking = await accept(await make_order(market, package))
        assert booking.data["terms"]["description"] == "Windows: 45000 KRW"


class TestEnding:
    @pytest.mark.parametrize(
        ("end", "status"), [("cancellation", "cancelled"), ("declination", "declined")]
    )
    async def test_gives_the_pieces_back_once(self, market: Market, end: str, status: str) -> None:
        seller = await make_user(market)
        packages = [
            await make_package(market, seller, stock=5),
            await make_package(market, seller, stock=3),
            await make_package(market, seller),
        ]
        order = await make_order(market, *packages, quantity=2)
        actor = order.customer if status == "cancelled" else seller
        assert [await stock_of(package) for package in packages] == [3, 1, None]
        ended = (await actor.post(f"{order.path}/{end}", {"reason": "On holiday."})).json()
        assert (ended["status"], ended["reason"]) == (status, "On holiday.")
        assert ended["closed_at"] == ended["updated_at"]
        assert [await stock_of(package) for package in packages] == [5, 3, None]
        response = await actor.post(f"{order.path}/{end}")
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "order_not_placed")
        assert (problem["state"], problem["allowed"]) == (status, ["placed"])
        assert [await stock_of(package) for package in packages] == [5, 3, None]
        await assert_invariants(market.app)

    async def test_by_the_clock_holds_at_once(self, market: Market) -> None:
        package = await make_package(market, stock=5)
        order = await make_order(market, package)
        await let_answer_lapse(market, order.data["id"])
        shown = (await order.customer.get(order.path)).json()
        assert (shown["status"], shown["closed_at"]) == ("expired", shown["expires_at"])
        for actor, step in (
            (order.cleaner, "acceptance"),
            (order.cleaner, "declination"),
            (order.customer, "cancellation"),
        ):
            response = await actor.post(f"{order.path}/{step}")
            assert (response.status_code, response.json()["code"]) == (409, "order_not_placed")
            assert response.json()["state"] == "expired"
        assert await order.customer.items("/orders", status="placed") == []
        assert len(await order.customer.items("/orders", status="expired")) == 1

    async def test_by_the_clock_is_noted_with_the_stock_given_back(self, market: Market) -> None:
        package = await make_package(market, stock=5)
        order, other = await make_order(market, package), await make_order(market, package)
        await let_answer_lapse(market, order.data["id"])
        before = (await order.customer.get(order.path)).json()
        clock = Clock(market.app.state.database)
        await clock.tick()
        assert +clock.done == {Step.ORDER_EXPIRED: 1}
        after = (await order.customer.get(order.path)).json()
        assert after == before | {"updated_at": after["updated_at"]}
        assert await stock_of(package) == 4
        assert (await other.customer.get(other.path)).json()["status"] == "placed"
        await assert_invariants(market.app)
        await clock.tick()
        assert +clock.done == {Step.ORDER_EXPIRED: 1}


class TestReading:
    async def test_is_for_its_two_sides(self, market: Market) -> None:
        order = await make_order(market)
        assert (await order.cleaner.get(order.path)).status_code == 200
        response = await (await make_user(market)).get(order.path)
        assert (response.status_code, response.json()["code"]) == (404, "order_not_found")

    async def test_lists_by_role_and_status(self, market: Market) -> None:
        package = await make_package(market)
        customer, cleaner = await make_user(market), package.seller
        orders = [await make_order(market, package, customer=customer) for _ in range(4)]
        await cleaner.post(f"{orders[0].path}/acceptance")
        await cleaner.post(f"{orders[1].path}/declination")
        own = await make_order(market, customer=cleaner)
        ids = [order.data["id"] for order in (*orders, own)][::-1]

        async def found(actor: Actor, **filters: str) -> list[str]:
            return [order["id"] for order in await actor.items("/orders", limit=2, **filters)]

        assert await found(cleaner) == ids
        assert await found(cleaner, role="cleaner") == ids[1:]
        assert await found(cleaner, role="customer") == ids[:1]
        assert await found(customer) == ids[1:]
        assert await found(customer, role="cleaner") == []
        assert await found(cleaner, role="cleaner", status="placed") == ids[1:3]
        assert await found(cleaner, status="declined") == [ids[3]]
        assert await found(cleaner, status="accepted") == [ids[4]]


class TestTheEndOfAnAccount:
    async def test_by_its_deletion_ends_its_placed_orders(self, market: Market) -> None:
        cleaner = await make_user(market)
        own, others = (
            await make_package(market, cleaner, stock=5),
            await make_package(market, stock=5),
        )
        sold = await make_order(market, own, quantity=2)
        bought = await make_order(market, others, customer=cleaner, quantity=2, **ADDRESS)
        assert (await cleaner.delete("/users/me")).status_code == 204
        assert (await sold.customer.get(sold.path)).json()["status"] == "declined"
        seen = (await bought.cleaner.get(bought.path)).json()
        assert (seen["status"], seen["area"], seen["note"]) == ("cancelled", None, None)
        assert await stock_of(others) == 5
        await assert_invariants(market.app)

    async def test_by_its_deletion_is_refused_while_an_order_is_booked(
        self, market: Market
    ) -> None:
        order = await make_order(market)
        await accept(order)
        for actor in (order.customer, order.cleaner):
            response = await actor.delete("/users/me")
            assert (response.status_code, response.json()["code"]) == (409, "live_booking")
