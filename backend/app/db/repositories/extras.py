"""The queries of extras."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record
from sqlalchemy import ColumnElement, Text, delete, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.security.tokens import Bearer
from app.db.models.categories import Category, CategoryNotOffered
from app.db.models.extras import Extra, ExtraPublic
from app.db.models.inheritance import inherited
from app.db.models.users import User
from app.db.repositories.base import LIVE_SESSION, json_array, json_object
from app.db.repositories.category_locks import is_offered
from app.postgres.statements import Rows, Statement, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

CATEGORY = argument("category", Text())
OF_CATEGORY = col(Extra.category) == CATEGORY


def _found() -> Rows:
    """Whether a category is active, with each of some extras that it brings or inherits."""
    brought = inherited(Extra, Extra.slug, CATEGORY).subquery()
    extra = (
        select(brought)
        .where(brought.c.slug == func.any(argument("slugs", ARRAY(Text()))))
        .subquery()
    )
    translated = extra.c.names.op("->>", return_type=Text())(argument("language", Text()))
    return (
        select(
            *(col(Category.active), extra.c.slug, extra.c.price, extra.c.currency),
            *(extra.c.minutes, func.coalesce(translated, extra.c.name).label("name")),
        )
        .select_from(Category)
        .outerjoin(extra, true())
        .where(col(Category.slug) == CATEGORY)
    )


def _admitting() -> Statement:
    """The same of an active category, if the session of the caller is live.

    The account is locked as by `CategoryRepository.admit`.
    """
    return Statement(
        _found()
        .add_columns(col(User.id))
        .where(*LIVE_SESSION, is_offered(CATEGORY))
        .with_for_update(key_share=True, of=User)
    )


def brought_extras(category: ColumnElement[str]) -> ColumnElement[Any]:
    """The extras that a category brings or inherits, as a JSON array."""
    extra = inherited(Extra, Extra.slug, category).subquery()
    item = json_object(ExtraPublic, extra.c)
    items = json_array(item, extra.c.tier, extra.c.position, extra.c.slug)
    return select(items).select_from(extra).scalar_subquery()


class ExtraRepository:
    """The extras of categories, in a unit of work."""

    _found = Statement(_found().with_for_update(key_share=True, read=True, of=Category))
    _admitting = _admitting()
    _own = RowQuery(select(Extra).where(OF_CATEGORY).order_by(col(Extra.position)))
    _removing = Statement(
        delete(Extra)
        .where(OF_CATEGORY, col(Extra.slug) == argument("slug", Text()))
        .returning(col(Extra.slug))
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def admit(
        self, caller: Bearer, category: str, slugs: Sequence[str], language: str
    ) -> dict[str, dict[str, Any]] | None:
        """Like `UserRepository.caller`, and then `find` for a new job, in one statement.

        Returns:
            None if the session of the caller has ended, or new jobs can't have the category.
        """
        rows = await self._admitting.fetch(
            self._transaction,
            caller_id=caller.user_id,
            session_id=caller.session_id,
            category=category,
            slugs=slugs,
            language=language,
        )
        return _by_slug(rows) if rows else None

    async def find(
        self, category: str | None, slugs: Sequence[str], language: str | None, *, is_new: bool
    ) -> dict[str, dict[str, Any]]:
        """Finds extras that a category brings or inherits, as jobs store them, by their slugs.

        Args:
            category: The slug of the category; no category brings none.
            slugs: The slugs of the extras.
            language: The language of their names; those without one in it get the market's.
            is_new: Whether a job is to get this category.

        Raises:
            CategoryNotOffered: New jobs can't have the category.
        """
        if category is None:
            return {}
        rows = await self._found.fetch(
            self._transaction, category=category, slugs=slugs, language=language
        )
        if is_new and not any(row["active"] for row in rows):
            raise CategoryNotOffered(field="category")
        return _by_slug(rows)

    def add(self, extra: Extra) -> None:
        """Adds a new extra."""
        self._transaction.add(extra)

    async def own(self, category: str) -> list[Extra]:
        """The extras that a category brings itself, in their order."""
        return await self._transaction.all(self._own, category=category)

    async def remove(self, category: str, slug: str) -> bool:
        """Removes an extra, and returns whether there was one."""
        return bool(await self._removing.fetch(self._transaction, category=category, slug=slug))


def _by_slug(rows: Sequence[Record]) -> dict[str, dict[str, Any]]:
    return {row["slug"]: _stored(row) for row in rows if row["slug"]}


def _stored(row: Record) -> dict[str, Any]:
    price = row["price"]
    return {
        "slug": row["slug"],
        "name": row["name"],
        "price": None if price is None else str(price),
        "currency": row["currency"],
        "minutes": row["minutes"],
    }
