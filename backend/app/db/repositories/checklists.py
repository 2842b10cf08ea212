"""The queries of checklists."""

from typing import Any

from sqlalchemy import ColumnElement, Text, delete, select

from app.db.models.checklists import ChecklistItem, ItemPublic
from app.db.models.inheritance import inherited
from app.db.repositories.base import json_array, json_object
from app.postgres.statements import Statement, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

CATEGORY = argument("category", Text())
OF_CATEGORY = col(ChecklistItem.category) == CATEGORY


def brought_items(category: ColumnElement[str]) -> ColumnElement[Any]:
    """The items that the checklist of a category has or inherits, as a JSON array."""
    row = inherited(ChecklistItem, ChecklistItem.code, category).subquery()
    item = json_object(ItemPublic, row.c)
    items = json_array(item, row.c.tier, row.c.position, row.c.code)
    return select(items).select_from(row).scalar_subquery()


class ChecklistRepository:
    """The checklists of categories, in a unit of work that has locked the tree."""

    _own = RowQuery(select(ChecklistItem).where(OF_CATEGORY).order_by(col(ChecklistItem.position)))
    _removing = Statement(
        delete(ChecklistItem)
        .where(OF_CATEGORY, col(ChecklistItem.code) == argument("code", Text()))
        .returning(col(ChecklistItem.code))
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, item: ChecklistItem) -> None:
        """Adds a new item."""
        self._transaction.add(item)

    async def own(self, category: str) -> list[ChecklistItem]:
        """The items that a category brings itself, in their order."""
        return await self._transaction.all(self._own, category=category)

    async def remove(self, category: str, code: str) -> bool:
        """Removes an item, and returns whether there was one."""
        return bool(await self._removing.fetch(self._transaction, category=category, code=code))
