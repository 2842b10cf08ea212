"""The condition that locks a category."""

from typing import Any

from sqlalchemy import ColumnElement, select

from app.db.models.categories import Category
from app.postgres.statements import col


def is_offered(slug: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether new things can have a category, which is locked against its deletion.

    The foreign key of what gets the category would lock it in the same way, but later: it would
    refuse a category that was deleted since it was looked up.
    """
    return (
        select(col(Category.id))
        .where(col(Category.slug) == slug, col(Category.active))
        .with_for_update(key_share=True, read=True)
        .exists()
    )
