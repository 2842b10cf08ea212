"""Orders: many requests at once, each on a connection of its own."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from httpx import Response

from app.worker.clock import Clock
from tests.factories.orders import (
    MadeOrder,
    at_most_placed,
    draft_of,
    let_answer_lapse,
    make_order,
    stock_of,
)
from tests.factories.packages import make_package
from tests.factories.users import Actor, Market, make_user
from tests.hiding import GROUNDS
from tests.races import TRIES, outcome, race
from tests.staff import make_staff

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]

RACERS, PIECES = 64, 10


async def order(customer: Actor, draft: dict[str, Any]) -> Response:
    """Orders, again while the service has no connection for so many at once."""
    response = await customer.post("/orders", draft)
    while response.status_code == 503:
        response = await customer.post("/orders", draft)
    return response


async def status_of(order: MadeOrder) -> str:
    return str((await order.customer.get(order.path)).json()["status"])


class TestStock:
    async def test_goes_to_as_many_as_there_are_pieces(self, market: Market) -> None:
        customers = [await make_user(market) for _ in range(RACERS)]
        for attempt in range(5):
            package = await make_package(market, stock=PIECES)
            draft = draft_of(package)
            responses = await race(attempt, *(order(it, draft) for it in customers))
            answers = Counter(outcome(*responses))
            assert answers == {201: PIECES, "out_of_stock": RACERS - PIECES}
            assert await stock_of(package) == 0

    async def test_of_several_packages_in_any_order_ends_without_a_deadlock(
        self, market: Market
    ) -> None:
        seller = await make_user(market)
        packages = [await make_package(market, seller, stock=6) for _ in range(4)]
        customers = [await make_user(market) for _ in range(12)]
        drafts = [draft_of(*packages), draft_of(*packages[::-1]), draft_of(*packages[1::-1])]
        for attempt in range(TRIES // 2):
            responses = await race(
                attempt,
                *(it.post("/orders", drafts[place % 3]) for place, it in enumerate(customers)),
            )
            answers = Counter(outcome(*responses))
            assert answers == {201: 6, "out_of_stock": 6}
            left = [await stock_of(package) for package in packages]
            ended = await race(
                attempt,
                *(
                    customer.post(f"/orders/{response.json()['id']}/cancellation")
                    for customer, response in zip(customers, responses, strict=True)
                    if response.is_success
                ),
            )
            assert outcome(*ended) == [200] * 6
            assert left[:2] == [0, 0]
            assert [await stock_of(package) for package in packages] == [6] * 4

    async def test_taken_and_changed_at_once_adds_up(self, market: Market) -> None:
        package, customer = await make_package(market, stock=TRIES), await make_user(market)
        for attempt in range(1, TRIES + 1):
            responses = await race(
                attempt,
                customer.post("/orders", draft_of(package)),
                package.seller.post(f"{package.path}/stock", {"by": 1}),
            )
            assert outcome(*responses) == [201, 200]
            assert await stock_of(package) == TRIES


class TestAccepting:
    async def test_against_a_cancellation(self, market: Market) -> None:
        package, customer = await make_package(market, stock=TRIES), await make_user(market)
        accepted = 0
        for attempt in range(TRIES):
            order = await make_order(market, package, customer=customer)
            responses = await race(
                attempt,
                order.cleaner.post(f"{order.path}/acceptance"),
                customer.post(f"{order.path}/cancellation"),
            )
            assert outcome(*responses) in ([201, "order_not_placed"], ["order_not_placed", 200])
            accepted += responses[0].is_success
            assert await stock_of(package) == TRIES - accepted

    async def test_against_its_expiry(self, market: Market) -> None:
        package = await make_package(market, stock=TRIES)
        clocks = [Clock(market.app.state.database) for _ in range(2)]
        for _ in range(TRIES):
            order = await make_order(market, package)

            async def expire(clock: Clock, order: MadeOrder = order) -> None:
                await let_answer_lapse(market, order.data["id"])
                await clock.tick()

            async def accept(order: MadeOrder = order) -> str:
                response = await order.cleaner.post(f"{order.path}/acceptance")
                return str(outcome(response)[0])

            answer, *_ = await asyncio.gather(accept(), *map(expire, clocks))
            assert (answer, await status_of(order)) in (
                ("201", "accepted"),
                ("order_not_placed", "expired"),
            )

    async def test_twice(self, market: Market) -> None:
        package = await make_package(market)
        for attempt in range(TRIES):
            order = await make_order(market, package)
            path = f"{order.path}/acceptance"
            responses = await race(attempt, order.cleaner.post(path), order.cleaner.post(path))
            assert Counter(outcome(*responses)) == {201: 1, "order_not_placed": 1}

    async def test_against_the_deletion_of_the_customers_account(self, market: Market) -> None:
        package = await make_package(market, stock=TRIES)
        for attempt in range(TRIES):
            order = await make_order(market, package)
            responses = await race(
                attempt,
                order.cleaner.post(f"{order.path}/acceptance"),
                order.customer.delete("/users/me"),
            )
            assert outcome(*responses) in ([201, "live_booking"], ["order_not_placed", 204])


class TestPlacing:
    async def test_at_once_stops_at_the_limit_of_a_customer(self, market: Market) -> None:
        package = await make_package(market)
        with at_most_placed(market, 3):
            for attempt in range(TRIES // 5):
                customer = await make_user(market)
                placed = (order(customer, draft_of(package)) for _ in range(6))
                answers = Counter(outcome(*await race(attempt, *placed)))
                assert answers == {201: 3, "too_many_orders": 3}

    async def test_of_two_with_each_other_ends_without_a_deadlock(self, market: Market) -> None:
        people = [await make_user(market) for _ in range(3)]
        packages = [await make_package(market, person) for person in people]
        for attempt in range(TRIES // 2):
            orders = [
                order(person, draft_of(package))
                for person in people
                for package in packages
                if package.seller is not person
            ]
            assert outcome(*await race(attempt, *orders)) == [201] * len(orders)

    @pytest.mark.parametrize("end", ["block", "deletion"])
    @pytest.mark.parametrize("whose", ["customer", "cleaner"])
    async def test_against_the_end_of_an_account_leaves_no_placed_order(
        self, market: Market, end: str, whose: str
    ) -> None:
        staff = await make_staff(market)
        for attempt in range(TRIES // 2):
            package, customer = await make_package(market, stock=5), await make_user(market)
            account = customer if whose == "customer" else package.seller
            ending = (
                account.delete("/users/me")
                if end == "deletion"
                else staff.post(f"/admin/users/{account.id}/block", GROUNDS)
            )
            placed, ended = await race(attempt, customer.post("/orders", draft_of(package)), ending)
            assert ended.is_success
            assert outcome(placed)[0] in (201, "unauthenticated", "package_not_found")
            (row,) = await market.app.state.database.fetch(
                "SELECT count(*) FROM orders WHERE status = 'placed'", ()
            )
            assert row[0] == 0
