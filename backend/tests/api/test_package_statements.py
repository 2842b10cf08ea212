"""How many statements operations on packages take: never more for more rows."""

from collections.abc import Awaitable

import pytest
from httpx import Response

from tests.api.test_statements import FEW, GROUNDS, MANY, one_connection
from tests.factories.packages import TERMS, make_draft, make_package, offer_category
from tests.factories.users import Actor, Market, make_user
from tests.staff import make_staff
from tests.statements import statements

__all__ = ["one_connection"]
pytestmark = pytest.mark.committed

WRITES = {
    "draft": 7,
    "edit": 6,
    "edit without a change": 5,
    "publish": 6,
    "restock": 6,
    "pause": 6,
    "archive": 6,
    "hide": 6,
}


async def test_reading_takes_one_statement_however_many_rows_there_are(market: Market) -> None:
    seller = await make_user(market)
    for rows in (1, FEW, MANY):
        for _ in range(rows):
            package = await make_package(market, seller)
            await seller.patch(package.path, {"price": "60.00"})
        for number in range(rows):
            await seller.patch(package.path, {"description": f"No. {number}"})
        taken = {
            path: await statements(market.app, seller.get(path))
            for path in (
                "/packages",
                "/packages?q=oven",
                "/packages?sort=price&max_price=70",
                "/packages?cleaner=me&status=any",
                package.path,
                f"{package.path}/revisions",
            )
        }
        assert rows == 1 or taken == dict.fromkeys(taken, 1)  # the first looks up types


async def test_writing_takes_as_many_however_many_packages_there_are(market: Market) -> None:
    staff = await make_staff(market)
    await offer_category(market)

    async def count(seller: Actor) -> dict[str, int]:
        taken = {"draft": await statements(market.app, seller.post("/packages", TERMS))}
        path = (await make_draft(market, seller, stock=1)).path
        steps: dict[str, Awaitable[Response]] = {
            "edit": seller.patch(path, {"price": "60.00"}),
            "edit without a change": seller.patch(path, {"price": "60.00"}),
            "publish": seller.post(f"{path}/publication"),
            "restock": seller.post(f"{path}/stock", {"by": 5}),
            "hide": staff.post(f"/admin{path}/hiding", GROUNDS),
            "pause": seller.post(f"{path}/pause"),
            "archive": seller.post(f"{path}/archival"),
        }
        return taken | {name: await statements(market.app, it) for name, it in steps.items()}

    seller = await make_user(market)
    await count(seller)
    for rows in (FEW, MANY):
        for _ in range(rows):
            await make_draft(market, seller)
        assert await count(seller) == WRITES


@pytest.mark.parametrize("end", ["block", "delete"])
async def test_archiving_all_takes_as_many_however_many_there_are(market: Market, end: str) -> None:
    staff = await make_staff(market)
    taken = []
    for rows in (2, 2, MANY):
        seller = await make_user(market)
        for _ in range(rows):
            await make_package(market, seller)
        request = (
            staff.post(f"/admin/users/{seller.id}/block", GROUNDS)
            if end == "block"
            else seller.delete("/users/me")
        )
        taken.append(await statements(market.app, request))
    assert taken[1] == taken[2]
