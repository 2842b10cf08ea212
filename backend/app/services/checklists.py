"""Staff says which items the checklists of categories have."""

from collections.abc import Iterable
from itertools import chain

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.categories import CategoryNotFound
from app.db.models.category_shapes import CategoryNode
from app.db.models.checklists import (
    MOST_ITEMS,
    ChecklistItem,
    ChecklistItemNotFound,
    ItemDraft,
    TooManyItems,
)
from app.db.models.inheritance import arrange
from app.db.models.kinds.checklists import ChecklistAction
from app.db.repositories.audit import AuditRepository
from app.db.repositories.categories import CategoryRepository
from app.db.repositories.checklists import ChecklistRepository
from app.postgres.transactions import Transaction


class ChecklistService:
    """The use cases of checklists. Each locks the tree of categories.

    Bookings keep their checklists, which are copies.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._audit = AuditRepository(transaction)
        self._categories = CategoryRepository(transaction)
        self._client = client
        self._items = ChecklistRepository(transaction)

    @raises(CategoryNotFound, TooManyItems)
    async def put(self, caller: Bearer, category: str, code: str, draft: ItemDraft) -> None:
        """Adds an item to the checklist of a category, or changes the one with the code.

        Args:
            caller: The actor.
            category: The slug of the category.
            code: The code of the item.
            draft: All its fields.
        """
        (await self._categories.lock_tree()).find(category)
        own = await self._items.own(category)
        content = draft.model_dump(exclude={"position"})
        item = next((it for it in own if it.code == code), None)
        if item is None:
            if len(own) == MOST_ITEMS:
                raise TooManyItems
            item = ChecklistItem(category=category, code=code, position=len(own) + 1, **content)
            self._items.add(item)
        for name, value in content.items():
            setattr(item, name, value)
        arrange(own, item, draft.position)
        self._record(ChecklistAction.CHECKLIST_ITEM_SET, caller, category, code)

    @raises(TooManyItems)
    async def load(self, nodes: Iterable[CategoryNode]) -> None:
        """Adds the items of a file that are missing, and sets the texts of the others.

        Args:
            nodes: The categories of the file, which are there already.
        """
        await self._categories.lock_tree()
        for node in chain.from_iterable(top.all() for top in nodes):
            own = {item.code: item for item in await self._items.own(node.slug)}
            for wanted in node.checklist:
                if known := own.get(wanted.code):
                    known.text, known.texts = wanted.text, known.texts | wanted.texts
                    continue
                if len(own) == MOST_ITEMS:
                    raise TooManyItems
                content = wanted.model_dump()
                item = ChecklistItem(category=node.slug, position=len(own) + 1, **content)
                own[wanted.code] = item
                self._items.add(item)

    @raises(CategoryNotFound, ChecklistItemNotFound)
    async def remove(self, caller: Bearer, category: str, code: str) -> None:
        """Removes an item that a category brings itself."""
        (await self._categories.lock_tree()).find(category)
        if not await self._items.remove(category, code):
            raise ChecklistItemNotFound
        self._record(ChecklistAction.CHECKLIST_ITEM_REMOVED, caller, category, code)

    def _record(self, action: ChecklistAction, caller: Bearer, category: str, code: str) -> None:
        self._audit.record(
            action, self._client, actor_id=caller.user_id, category=category, item=code
        )
