"""Staff makes, changes and deactivates categories."""

from collections.abc import Iterable

from app.core.clients import Client
from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.categories import (
    Category,
    CategoryInCircle,
    CategoryNotFound,
    CategoryTaken,
    CategoryTooDeep,
    CategoryUsed,
    TooManyCategories,
)
from app.db.models.category_shapes import CategoryCreate, CategoryNode, CategoryUpdate
from app.db.models.kinds.categories import CategoryAction
from app.db.repositories.audit import AuditRepository
from app.db.repositories.categories import CategoryRepository
from app.postgres.transactions import Transaction


class CategoryService:
    """The use cases of categories. Each locks the whole tree.

    A change to the present state is no error. The audit records every act, even without an effect.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._audit = AuditRepository(transaction)
        self._categories = CategoryRepository(transaction)
        self._client = client

    @raises(CategoryNotFound, CategoryTaken, CategoryTooDeep, TooManyCategories)
    async def make(self, caller: Bearer, draft: CategoryCreate) -> None:
        """Makes a category."""
        tree = await self._categories.lock_tree()
        category = tree.add(draft)
        self._categories.add(category)
        self._record(CategoryAction.CATEGORY_MADE, caller, category)

    @raises(CategoryNotFound, CategoryInCircle, CategoryTooDeep, PreconditionFailed)
    async def change(
        self, caller: Bearer, slug: str, changes: CategoryUpdate, expected: ExpectedVersion
    ) -> None:
        """Changes the names of a category, and moves it with all beneath it."""
        tree = await self._categories.lock_tree()
        category = tree.find(slug)
        expected.demand(category.version)
        category.rename(changes.name, changes.names)
        given = changes.model_fields_set
        if "parent" in given:
            tree.move(category, tree.parent(changes.parent))
        if changes.position is not None:
            tree.order(category, changes.position)
        fields = " ".join(sorted(given))
        self._record(CategoryAction.CATEGORY_CHANGED, caller, category, changed=fields)

    @raises(CategoryNotFound)
    async def deactivate(self, caller: Bearer, slug: str) -> None:
        """Deactivates a category: new jobs can't have it."""
        category = await self._find(slug)
        category.take_over({"active": False})
        self._record(CategoryAction.CATEGORY_DEACTIVATED, caller, category)

    @raises(CategoryNotFound)
    async def reactivate(self, caller: Bearer, slug: str) -> None:
        """Reactivates a category."""
        category = await self._find(slug)
        category.take_over({"active": True})
        self._record(CategoryAction.CATEGORY_REACTIVATED, caller, category)

    @raises(CategoryNotFound, CategoryUsed)
    async def delete(self, caller: Bearer, slug: str) -> None:
        """Deletes a category that was never used and has no others beneath it."""
        tree = await self._categories.lock_tree()
        category = tree.find(slug)
        tree.remove(category)
        await self._categories.delete(category)
        self._record(CategoryAction.CATEGORY_DELETED, caller, category)

    @raises(CategoryNotFound, CategoryTaken, CategoryTooDeep, TooManyCategories)
    async def load(self, nodes: Iterable[CategoryNode], *, if_none: bool) -> int | None:
        """Adds the categories of a file that are missing, and sets the names of the others.

        Args:
            nodes: The tree in the file.
            if_none: Whether to do nothing if there are categories.

        Returns:
            The number of new categories; None if nothing was done.
        """
        tree = await self._categories.lock_tree()
        if if_none and len(tree):
            return None
        new = list(tree.load(nodes))
        for category in new:
            self._categories.add(category)
        self._audit.record(CategoryAction.CATEGORIES_LOADED, self._client, new=str(len(new)))
        return len(new)

    async def _find(self, slug: str) -> Category:
        return (await self._categories.lock_tree()).find(slug)

    def _record(
        self,
        action: CategoryAction,
        caller: Bearer,
        category: Category,
        *,
        changed: str | None = None,
    ) -> None:
        self._audit.record(
            action,
            self._client,
            actor_id=caller.user_id,
            category=category.slug,
            changed=changed,
        )
