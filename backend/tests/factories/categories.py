"""Categories."""

from itertools import count
from typing import Any

from fastapi import FastAPI

from app.commands.categories import HERE, SHIPPED, nodes_in
from app.db.models.users import UserRole
from app.db.repositories.category_counts import CategoryCountRepository
from app.postgres.transactions import Transaction
from app.services.categories import CategoryService
from app.services.checklists import ChecklistService
from app.services.extras import ExtraService
from tests.factories.users import Actor, Market, make_user

numbers = count(1)


async def make_category(market: Market, staff: Actor | None = None, **draft: Any) -> dict[str, Any]:
    """A category, as it was answered to staff."""
    staff = staff or await make_user(market, role=UserRole.STAFF)
    number = next(numbers)
    body = {"slug": f"service-{number}", "name": f"Service {number}", **draft}
    response = await staff.post("/admin/categories", body)
    assert response.status_code == 201, response.text
    category: dict[str, Any] = response.json()
    return category


async def make_chain(market: Market, *slugs: str) -> list[dict[str, Any]]:
    """Categories, each beneath the one before."""
    made: list[dict[str, Any]] = []
    for slug in slugs:
        parent = made[-1]["slug"] if made else None
        made.append(await make_category(market, slug=slug, parent=parent))
    return made


async def add_up(market: Market) -> None:
    """Adds up the numbers of jobs by category, as the worker does within seconds."""

    async def work(transaction: Transaction) -> int:
        return await CategoryCountRepository(transaction).add_up()

    while await market.app.state.database.run(work):
        pass


async def tree(market: Market) -> dict[str, dict[str, Any]]:
    """The tree as everyone sees it: each category by its slug, in order."""
    response = await market.client.get("/categories")
    assert response.status_code == 200, response.text
    return {category["slug"]: category for category in response.json()["items"]}


async def category_slug(market: Market, **draft: Any) -> str:
    """The slug of a new category."""
    return str((await make_category(market, **draft))["slug"])


async def load_shipped(app: FastAPI) -> None:
    """Loads the tree of services that is shipped, as `make run` does."""
    async with app.state.database.write() as transaction:
        nodes = nodes_in(SHIPPED)
        if await CategoryService(transaction, HERE).load(nodes, if_none=True) is not None:
            await ExtraService(transaction, HERE).load(nodes, app.state.currency)
            await ChecklistService(transaction, HERE).load(nodes)
