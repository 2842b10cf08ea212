"""Orders: placing them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.fields import now
from tests.factories.orders import (
    LATER,
    at_most_placed,
    draft_of,
    item_of,
    make_order,
    stock_of,
)
from tests.factories.packages import make_draft, make_package
from tests.factories.users import Actor, Market, block, make_user
from tests.invariants import assert_invariants

ADDRESS: dict[str, Any] = {"area": "Old Town", "address": "3 Mill Lane", "note": "Ring twice."}


async def refusal(actor: Actor, path: str, json: Any = None) -> tuple[int, str]:
    """The status and the code of a refused request."""
    response = await actor.post(path, json)
    return response.status_code, response.json()["code"]


@pytest.fixture
def two_orders_at_most(market: Market) -> Iterator[None]:
    """Lets customers have two orders that await an answer."""
    with at_most_placed(market, 2):
        yield


class TestPlacing:
    async def test_needs_a_login(self, client: AsyncClient, market: Market) -> None:
        draft = draft_of(await make_package(market))
        assert (await client.post("/orders", json=draft)).status_code == 401

    async def test_keeps_name_price_and_duration_and_takes_the_pieces(self, market: Market) -> None:
        seller = await make_user(market)
        oven = await make_package(market, seller, name="Oven", price="50.00", duration=90, stock=5)
        windows = await make_package(market, seller, name="Windows", price="7.50", duration=20)
        customer = await make_user(market)
        draft = {"items": [item_of(windows, 3), item_of(oven, 2)], "starts_at": LATER, **ADDRESS}
        response = await customer.post("/orders", draft)
        order = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"/api/v1/orders/{order['id']}"
        assert (order["status"], order["total"], order["currency"]) == ("placed", "122.50", "EUR")
        assert (order["duration"], order["starts_at"]) == (240, LATER)
        assert {name: order[name] for name in ADDRESS} == ADDRESS
        assert [
            (it["package_id"], it["name"], it["price"], it["quantity"], it["revision"])
            for it in order["items"]
        ] == [
            (windows.data["id"], "Windows", "7.50", 3, 1),
            (oven.data["id"], "Oven", "50.00", 2, 1),
        ]
        assert (order["cleaner"]["id"], order["customer"]["id"]) == (
            str(seller.id),
            str(customer.id),
        )
        assert (await stock_of(oven), await stock_of(windows)) == (3, None)
        await seller.patch(oven.path, {"name": "Ovens", "price": "99.00"})
        again = await customer.get(f"/orders/{order['id']}")
        assert again.json() == order
        assert again.headers["ETag"] == response.headers["ETag"]
        await assert_invariants(market.app)

    async def test_leaves_the_etag_of_the_package(self, market: Market) -> None:
        package = await make_package(market, stock=5)
        await make_order(market, package)
        assert (await package.seller.get(package.path)).headers["ETag"] == package.etag

    @pytest.mark.parametrize(("asked", "kept"), [(True, True), (False, False)])
    async def test_keeps_when_an_early_start_was_asked_for(
        self, market: Market, *, asked: bool, kept: bool
    ) -> None:
        order = await make_order(market, early_start=asked)
        assert (order.data["early_start_at"] == order.data["created_at"]) is kept
        assert (order.data["early_start_at"] is not None) is kept

    @pytest.mark.parametrize(("hours", "expected"), [(100, 48), (5, 5)])
    async def test_expires_after_two_days_or_at_the_start(
        self, market: Market, hours: int, expected: int
    ) -> None:
        starts_at = now() + timedelta(hours=hours)
        order = (await make_order(market, starts_at=starts_at.isoformat())).data
        made, expires = (
            datetime.fromisoformat(order[name]) for name in ("created_at", "expires_at")
        )
        assert abs(expires - made - timedelta(hours=expected)) < timedelta(minutes=1)

    async def test_of_another_revision(self, market: Market) -> None:
        package = await make_package(market, stock=5)
        await package.seller.patch(package.path, {"price": "60.00"})
        response = await (await make_user(market)).post("/orders", draft_of(package))
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "package_changed")
        assert (problem["package_id"], problem["revision"]) == (package.data["id"], 2)
        assert await stock_of(package) == 5

    async def test_beyond_the_stock_takes_nothing(self, market: Market) -> None:
        seller = await make_user(market)
        many = await make_package(market, seller, stock=9)
        few = await make_package(market, seller, stock=2)
        customer = await make_user(market)
        response = await customer.post("/orders", draft_of(many, few, quantity=3))
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "out_of_stock")
        assert (problem["package_id"], problem["left"]) == (few.data["id"], 2)
        assert (await stock_of(many), await stock_of(few)) == (9, 2)
        await assert_invariants(market.app)

    async def test_of_an_own_package(self, market: Market) -> None:
        package = await make_package(market)
        assert await refusal(package.seller, "/orders", draft_of(package)) == (409, "own_package")

    async def test_of_a_package_that_is_not_sold(self, market: Market) -> None:
        customer = await make_user(market)
        draft, paused = await make_draft(market), await make_package(market)
        await paused.seller.post(f"{paused.path}/pause")
        blocked = await make_package(market)
        await block(market, blocked.seller)
        for package in (draft, paused, blocked):
            assert await refusal(customer, "/orders", draft_of(package)) == (
                404,
                "package_not_found",
            )
            some = draft_of(await make_package(market), package)
            response = await customer.post("/orders", some)
            assert response.json()["package_id"] == package.data["id"]

    async def test_of_two_cleaners(self, market: Market) -> None:
        draft = draft_of(await make_package(market), await make_package(market))
        response = await (await make_user(market)).post("/orders", draft)
        assert response.status_code == 422
        assert response.json()["errors"][0]["message"] == "All packages must be of one cleaner."

    async def test_in_two_currencies(self, market: Market) -> None:
        euros = await make_package(market)
        francs = await make_package(market, euros.seller, currency="CHF")
        response = await (await make_user(market)).post("/orders", draft_of(euros, francs))
        assert response.status_code == 422
        assert response.json()["errors"][0]["message"] == "All packages must be in one currency."

    async def test_beyond_what_a_job_may_be(self, market: Market) -> None:
        customer, seller = await make_user(market), await make_user(market)
        dear = await make_package(market, seller, price="99999999.99")
        long = await make_package(market, seller, duration=7 * 24 * 60)
        for package, message in (
            (dear, "The total must be at most 99,999,999.99."),
            (long, "The work must take at most seven days."),
        ):
            assert (await customer.post("/orders", draft_of(package))).status_code == 201
            response = await customer.post("/orders", draft_of(package, quantity=2))
            assert response.status_code == 422
            assert response.json()["errors"][0]["message"] == message

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"starts_at": None}, "starts_at"),
            ({"starts_at": "2020-01-01T09:00:00Z"}, "starts_at"),
            ({"items": []}, "items"),
            ({"items": "twice"}, "items"),
            ({"items": "many"}, "items"),
            ({"quantity": 0}, "items"),
            ({"quantity": 21}, "items"),
            ({"revision": 0}, "items"),
        ],
    )
    async def test_of_bad_input(self, market: Market, change: dict[str, Any], field: str) -> None:
        package = await make_package(market, stock=5)
        item = item_of(package)
        lists = {"twice": [item, item], "many": [item] * 21}
        if set(change) & set(item):
            change = {"items": [item | change]}
        elif isinstance(change.get("items"), str):
            change = {"items": lists[change["items"]]}
        draft = {"items": [item], "starts_at": LATER, **change}
        response = await (await make_user(market)).post("/orders", draft)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]
        assert await stock_of(package) == 5

    @pytest.mark.usefixtures("two_orders_at_most")
    async def test_more_than_may_await_an_answer(self, market: Market) -> None:
        package, customer = await make_package(market), await make_user(market)
        first = await make_order(market, package, customer=customer)
        await make_order(market, package, customer=customer)
        assert await refusal(customer, "/orders", draft_of(package)) == (409, "too_many_orders")
        await customer.post(f"{first.path}/cancellation")
        await make_order(market, package, customer=customer)

    async def test_is_done_once_with_a_key(self, market: Market) -> None:
        package, customer = await make_package(market, stock=5), await make_user(market)
        headers = {"Idempotency-Key": "windows-1"}
        answers = [
            await customer.post("/orders", draft_of(package), headers=headers) for _ in range(2)
        ]
        assert answers[0].content == answers[1].content
        assert await stock_of(package) == 4
