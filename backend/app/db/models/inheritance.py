"""Inheritance in the tree of categories: a category brings its own things and those above it."""

from collections.abc import Iterable
from typing import Annotated, Any

import pydantic
from pydantic import BeforeValidator
from sqlalchemy import CTE, ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.db.models.categories import Category
from app.db.models.fields import whole_number
from app.postgres.statements import Rows, col

Position = Annotated[int, pydantic.Field(strict=True, ge=1, le=50), BeforeValidator(whole_number)]
"""The place of a thing among those of the same category, from 1."""

PLACED = (
    "Its place among those that the category brings itself. By default it stays, or is the last"
)


def line_of(category: ColumnElement[str]) -> CTE:
    """A category and those above it, as rows of `slug` and `tier`.

    Args:
        category: The slug of the category: a parameter, since a column would be joined in.
    """
    line = (
        select(col(Category.slug), col(Category.tier), col(Category.parent_id))
        .where(col(Category.slug) == category)
        .cte("line", recursive=True, nesting=True)
    )
    parent = aliased(Category)
    return line.union_all(
        select(col(parent.slug), col(parent.tier), col(parent.parent_id)).join(
            line, line.c.parent_id == parent.id
        )
    )


def inherited(model: Any, name: Any, category: ColumnElement[str]) -> Rows:
    """The rows that a category brings, with the `tier` of the category that they belong to.

    Of rows with the same name, the nearest one counts.

    Args:
        model: The table class of the rows.
        name: Their names within a category.
        category: The slug of the category.
    """
    line = line_of(category)
    return (
        select(model.__table__, line.c.tier)
        .join(line, line.c.slug == model.category)
        .ext(distinct_on(col(name)))
        .order_by(col(name), line.c.tier.desc())
    )


def arrange(rows: Iterable[Any], row: Any, position: int | None) -> None:
    """Puts a row in its place among those of its category, and numbers them from 1.

    Args:
        rows: Those of the category, in their order, with or without the row.
        row: The row.
        position: Its place; None for the one that it has.
    """
    arranged = [other for other in rows if other is not row]
    arranged.insert((position or row.position) - 1, row)
    for number, each in enumerate(arranged, 1):
        if each.position != number:
            each.position = number
