"""The queries of categories."""

from typing import Any

from sqlalchemy import Text, cast, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import aliased

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.categories import (
    Category,
    CategoryCount,
    CategoryDelta,
    CategoryNotFound,
    CategoryNotOffered,
    CategoryUsed,
)
from app.db.models.category_shapes import CategoryPublic, CategoryTreePublic
from app.db.models.category_tree import CategoryTree
from app.db.models.users import User
from app.db.repositories.base import LIVE_SESSION, Item, json_array, json_object
from app.db.repositories.category_locks import is_offered
from app.db.repositories.checklists import brought_items
from app.db.repositories.constraints import constraints
from app.db.repositories.extras import brought_extras
from app.db.repositories.users import UserRepository
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

SLUG = argument("slug", Text())
TREE_LOCK = 0x63617465676F7279  # "category": the key of the advisory lock of the tree

REFERENCES = dict.fromkeys(
    ("fk_cleanings_category", "fk_packages_category", "fk_category_counts_category"),
    CategoryUsed,
)
"""The foreign keys of what uses a category."""


class CategoryRepository:
    """The categories, in a unit of work."""

    _locking = Statement(select(func.pg_advisory_xact_lock(inline(TREE_LOCK))))
    _all = RowQuery(select(Category))
    _offered = Statement(select(is_offered(SLUG).label("offered")))
    _admitting = Statement(
        select(col(User.id))
        .where(*LIVE_SESSION, is_offered(SLUG))
        .with_for_update(key_share=True, of=User)
    )
    _delta = Statement(select(col(CategoryDelta.id)).where(col(CategoryDelta.category) == SLUG))
    _deleting = Statement(delete(Category).where(col(Category.slug) == SLUG))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock_tree(self) -> CategoryTree:
        """All categories, locked against other changes until the end of the transaction."""
        await self._locking.fetch(self._transaction)
        return CategoryTree(await self._transaction.all(self._all))

    def add(self, category: Category) -> None:
        """Adds a new category. The tree was locked when its slug was found to be free."""
        self._transaction.add(category)

    async def delete(self, category: Category) -> None:
        """Deletes a category that was never used.

        Raises:
            CategoryUsed: It is or was in use.
        """
        if await self._delta.fetch(self._transaction, slug=category.slug):
            raise CategoryUsed
        with constraints(REFERENCES):
            await self._deleting.fetch(self._transaction, slug=category.slug)

    async def admit(self, caller: Bearer, slug: str | None) -> None:
        """Like `UserRepository.caller`, and then `demand_offered`, in one statement.

        With a category, the account is locked as by `caller_locked`: a block counts its jobs.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
            CategoryNotOffered: There is none with the slug, or it is deactivated.
        """
        who = {"caller_id": caller.user_id, "session_id": caller.session_id}
        users = UserRepository(self._transaction)
        if slug is None:
            await users.caller(caller)
        elif not await self._admitting.fetch(self._transaction, slug=slug, **who):
            await users.caller_locked(caller)
            await self.demand_offered(slug)

    async def demand_offered(self, slug: str | None) -> None:
        """Refuses a category that new things can't have, and locks others against deletion.

        Raises:
            CategoryNotOffered: There is none with the slug, or it is deactivated.
        """
        if slug is not None:
            ((offered,),) = await self._offered.fetch(self._transaction, slug=slug)
            if not offered:
                raise CategoryNotOffered(field="category")


def _shown() -> Any:
    """Each category as JSON with its slug, and with its place in the order of the tree."""
    top = select(
        col(Category.id),
        array([col(Category.id)]).label("path"),
        array([col(Category.position)]).label("places"),
    ).where(col(Category.parent_id).is_(None))
    above = top.cte("tree", recursive=True)
    tree = above.union_all(
        select(
            col(Category.id),
            func.array_append(above.c.path, Category.id),
            func.array_append(above.c.places, Category.position),
        ).join(above, col(Category.parent_id) == above.c.id)
    )
    counted = (
        select(
            func.unnest(tree.c.path).label("id"),
            col(CategoryCount.jobs),
            col(CategoryCount.packages),
        )
        .select_from(tree)
        .join(Category, col(Category.id) == tree.c.id)
        .join(CategoryCount, col(CategoryCount.category) == Category.slug)
        .subquery()
    )
    beneath = (
        select(
            counted.c.id,
            func.sum(counted.c.jobs).label("jobs"),
            func.sum(counted.c.packages).label("packages"),
        )
        .group_by(counted.c.id)
        .subquery()
    )
    parent = aliased(Category)

    def number(counts: Any) -> Any:
        # The worker may add the end of a job up before its beginning.
        return func.greatest(func.coalesce(counts, inline(0)), inline(0))

    item = json_object(
        CategoryPublic,
        Category,
        parent=col(parent.slug),
        open_jobs=number(beneath.c.jobs),
        published_packages=number(beneath.c.packages),
    )
    return (
        select(item.label("item"), col(Category.slug), col(Category.version), tree.c.places)
        .select_from(tree)
        .join(Category, col(Category.id) == tree.c.id)
        .outerjoin(parent, col(parent.id) == Category.parent_id)
        .outerjoin(beneath, beneath.c.id == Category.id)
        .subquery("shown")
    )


class CategoryReader:
    """Reads of the tree, which need no login."""

    _shown = _shown()
    _tree = Statement(
        select(
            cast(
                json_object(
                    CategoryTreePublic,
                    items=json_array(_shown.c.item, _shown.c.places),
                ),
                Text,
            )
        ).select_from(_shown)
    )
    _one = Statement(
        select(cast(_shown.c.item, Text), _shown.c.version).where(_shown.c.slug == SLUG)
    )

    _detail = Statement(
        select(
            cast(
                cast(_shown.c.item, JSONB).op("||")(
                    func.jsonb_build_object(
                        *(literal_column("'extras'"), brought_extras(SLUG)),
                        *(literal_column("'checklist'"), brought_items(SLUG)),
                    )
                ),
                Text,
            ),
            _shown.c.version,
        ).where(_shown.c.slug == SLUG)
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def tree(self) -> str:
        """All categories, as JSON."""
        ((tree,),) = await self._tree.fetch(self._source)
        return str(tree)

    @raises(CategoryNotFound)
    async def one(self, slug: str) -> Item:
        """A category."""
        return await self._found(self._one, slug)

    @raises(CategoryNotFound)
    async def detail(self, slug: str) -> Item:
        """A category with what it brings and inherits."""
        return await self._found(self._detail, slug)

    async def _found(self, statement: Statement, slug: str) -> Item:
        rows = await statement.fetch(self._source, slug=slug)
        if not rows:
            raise CategoryNotFound
        return Item(*rows[0])
