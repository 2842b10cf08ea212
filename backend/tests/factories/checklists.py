"""Checklists of categories."""

from typing import Any

from app.db.models.checklists import ChecklistItem
from tests.factories.users import Market

FLOORS: dict[str, Any] = {
    "text": "Vacuum and mop all floors",
    "texts": {"de": "Alle Böden saugen und wischen"},
}


async def bring_item(market: Market, category: str, code: str = "floors", **fields: Any) -> None:
    """The checklist of a category gets an item.

    Args:
        market: Where the category is.
        category: Its slug.
        code: The code of the item.
        fields: Other values than those of `FLOORS`.
    """
    async with market.app.state.database.write() as transaction:
        row = ChecklistItem(category=category, code=code, **{"position": 1, **FLOORS, **fields})
        transaction.add(row)
