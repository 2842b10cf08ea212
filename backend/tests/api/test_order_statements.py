"""The numbers of statements that orders take: never more for more packages or orders."""

from typing import Any

import pytest

from tests.api.test_statements import FEW, MANY
from tests.factories.orders import draft_of, make_order
from tests.factories.packages import make_package
from tests.factories.users import Market, make_user
from tests.statements import statements

pytestmark = pytest.mark.committed

PLACE = {1: 6, 2: 8, 20: 8}
"""By the number of packages: BEGIN, the locks of accounts and of packages, the writes in one to
three statements, the response, COMMIT."""
ANSWERS = {"acceptance": 8, "declination": 7, "cancellation": 7}


@pytest.mark.parametrize("packages", PLACE)
async def test_of_an_order_of_some_packages(market: Market, packages: int) -> None:
    customer, seller = await make_user(market), await make_user(market)
    sold = [await make_package(market, seller, stock=9) for _ in range(packages)]
    taken: dict[str, Any] = {}
    for _ in range(2):  # the driver looks types up once
        for answer in ANSWERS:
            taken["place"] = await statements(market.app, customer.post("/orders", draft_of(*sold)))
            (order, *_) = (await customer.get("/orders")).json()["items"]
            actor = customer if answer == "cancellation" else seller
            taken[answer] = await statements(
                market.app, actor.post(f"/orders/{order['id']}/{answer}")
            )
    assert taken == {"place": PLACE[packages], **ANSWERS}


async def test_of_reading_however_many_orders_there_are(market: Market) -> None:
    customer, package = await make_user(market), await make_package(market)
    order = await make_order(market, package, customer=customer)
    paths = ["/orders", "/orders?role=customer&status=placed", "/orders?status=expired", order.path]
    for rows in (FEW, MANY):
        for _ in range(rows):
            await make_order(market, package, customer=customer)
        for path in paths:
            await customer.get(path)
            assert await statements(market.app, customer.get(path)) == 1


async def test_of_a_deletion_however_many_orders_end_with_it(market: Market) -> None:
    taken = []
    for rows in (2, 2, MANY):
        user = await make_user(market)
        sold, bought = await make_package(market, user), await make_package(market)
        for _ in range(rows):
            await make_order(market, sold)
            await make_order(market, bought, customer=user)
        taken.append(await statements(market.app, user.delete("/users/me")))
    assert taken[1] == taken[2]
