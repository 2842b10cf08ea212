"""Checks of the extras of jobs."""

from typing import Any

from sqlalchemy import distinct, func, or_, select, true

from app.db.doctor.check import Check
from app.db.models.cleanings import Cleaning
from app.postgres.statements import col


def _wrong() -> Any:
    """Jobs whose extras repeat each other, or have a price without a currency."""
    extra = func.jsonb_array_elements(col(Cleaning.extras)).table_valued("value", name="extra")
    slug, price, currency = (
        extra.c.value.op("->>")(name) for name in ("slug", "price", "currency")
    )
    return (
        select(col(Cleaning.id))
        .join(extra, true())
        .group_by(col(Cleaning.id))
        .having(
            or_(
                func.count(distinct(slug)) < func.count(),
                func.bool_or(price.is_(None) != currency.is_(None)),
            )
        )
    )


CHECKS = (
    Check(
        "extras_copied",
        "The extras of a job differ from each other, and each price has a currency.",
        _wrong(),
    ),
)
