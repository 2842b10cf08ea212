"""Checks of deleted accounts: only data that the register keeps remain."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true, union

from app.db.doctor.check import Check
from app.db.models import metadata
from app.db.models.privacy import Holding
from app.db.models.register import REGISTER
from app.db.models.users import User
from app.postgres.statements import col


def _is_erased(holding: Holding, name: str) -> ColumnElement[bool]:
    column, _, field = name.partition(".")
    value: Any = metadata.tables[holding.table].c[column]
    empty = value[field].astext.is_(None) if field else value.is_(None)
    erased = holding.erased.get(name, empty)
    foreign = holding.foreign.get(name)
    return erased if foreign is None else or_(erased, foreign)


def _left(holding: Holding, person: Any) -> Any:
    """Deleted accounts with remaining data in a table."""
    erased = [name for name, field in holding.personal.items() if not field.kept]
    found = select(col(User.id)).where(col(User.deleted_at).is_not(None))
    if person.table.name != "users":
        found = found.join(person.table, person == User.id)
    if len(erased) == len(holding.personal):  # no row may remain
        return found
    return found.where(~and_(true(), *(_is_erased(holding, name) for name in erased)))


def _holdings() -> Iterator[Any]:
    """Remaining data in all tables; rows of others are deleted by cascades."""
    for holding in REGISTER:
        if holding.person is None:
            continue
        person = metadata.tables[holding.table].c[holding.person]
        if holding.table == "users" or any(
            key.column.table.name == "users" for key in person.foreign_keys
        ):
            yield _left(holding, person)


CHECKS = (
    Check(
        "users_erased",
        "Only data that the register of personal data keeps remain of a deleted account.",
        union(*_holdings()),
    ),
)
