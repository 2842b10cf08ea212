"""Checks of foreign keys."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, Text, and_, cast, literal, select, union_all

from app.db.doctor.check import Check
from app.db.models import metadata


def _dangling(constraint: ForeignKeyConstraint) -> Any:
    """The rows of a table with a dangling reference, with the column and its value."""
    there = constraint.referred_table.alias()
    refers = and_(*(key.parent == there.c[key.column.name] for key in constraint.elements))
    key = constraint.elements[-1].parent
    return (
        select(literal(f"{key.table.name}.{key.name} ").concat(cast(key, Text)))
        .select_from(key.table.outerjoin(there, refers))
        .where(key.is_not(None), there.c[next(iter(there.primary_key)).name].is_(None))
    )


CHECKS = (
    Check(
        "references",
        "Every reference leads to an existing row.",
        union_all(
            *(
                _dangling(constraint)
                for table in metadata.sorted_tables
                for constraint in table.foreign_key_constraints
            )
        ),
    ),
)
