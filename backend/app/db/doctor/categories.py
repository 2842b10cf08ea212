"""Checks of categories."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.db.doctor.check import Check
from app.db.models.categories import MOST_TIERS, Category, CategoryCount, CategoryDelta, Counted
from app.db.models.category_counts import kept_numbers, present_numbers
from app.postgres.statements import col


def _miscounted(counted: Counted) -> Any:
    kept, present = kept_numbers(CategoryCount, CategoryDelta), present_numbers()
    return (
        select(func.coalesce(kept.c.category, present.c.category))
        .select_from(kept)
        .join(present, present.c.category == kept.c.category, full=True)
        .where(func.coalesce(kept.c[counted], 0) != func.coalesce(present.c[counted], 0))
    )


def _on_other_tiers() -> Any:
    parent = aliased(Category)
    return (
        select(col(Category.slug))
        .outerjoin(parent, col(parent.id) == Category.parent_id)
        .where(
            or_(
                col(Category.tier) != func.coalesce(col(parent.tier), 0) + 1,
                col(Category.tier) > MOST_TIERS,
                col(Category.parent_tier).is_distinct_from(parent.tier),
            )
        )
    )


def _with_gaps() -> Any:
    place = func.row_number().over(
        partition_by=col(Category.parent_id), order_by=(col(Category.position), col(Category.slug))
    )
    numbered = select(col(Category.slug), col(Category.position), place.label("place")).subquery()
    return select(numbered.c.slug).where(numbered.c.position != numbered.c.place)


CHECKS = (
    Check(
        "categories_jobs",
        "The numbers of open jobs by category add up.",
        _miscounted(Counted.JOBS),
    ),
    Check(
        "categories_packages",
        "The numbers of published packages by category add up.",
        _miscounted(Counted.PACKAGES),
    ),
    Check(
        "categories_tiers",
        "A category is one tier below its parent, and there are four tiers at most.",
        _on_other_tiers(),
    ),
    Check(
        "categories_positions",
        "The categories beneath each one are numbered from 1.",
        _with_gaps(),
    ),
)
