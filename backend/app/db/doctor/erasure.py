"""What is promised of deleted accounts: nothing is left of them but what the register keeps."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true, union

from app.db.doctor.check import Check
from app.db.models import metadata
from app.db.models.bookings import Booking, CancelledBy
from app.db.models.cleanings import Cleaning
from app.db.models.privacy import Holding
from app.db.models.register import REGISTER
from app.db.models.users import User, UserRole
from app.postgres.statements import col

REPLACED: dict[str, ColumnElement[bool]] = {
    "users.email": col(User.email).like("deleted-%@deleted.invalid"),
    "users.username": col(User.username).like("deleted-%"),
    "users.email_key": col(User.email_key).like("deleted-%@deleted.invalid"),
    "users.username_key": col(User.username_key).like("deleted-%"),
    "users.password_hash": col(User.password_hash) == "",
    "users.role": col(User.role) == UserRole.USER,
    "cleanings.name": col(Cleaning.name) == "Deleted",
    "cleanings.search": true(),  # it is made of the name and the description: see cleanings_words
}
"""Whether something is erased that can't be null."""

SAID_BY_OTHERS: dict[str, ColumnElement[bool]] = {
    "bookings.owner_id.cancellation_reason": col(Booking.cancelled_by) != CancelledBy.OWNER,
    "bookings.cleaner_id.cancellation_reason": col(Booking.cancelled_by) != CancelledBy.CLEANER,
}
"""Whether something is another person's, whose it is depending on the row."""


def _is_erased(holding: Holding, name: str) -> ColumnElement[bool]:
    column, _, field = name.partition(".")
    value: Any = metadata.tables[holding.table].c[column]
    empty = value[field].astext.is_(None) if field else value.is_(None)
    erased = REPLACED.get(f"{holding.table}.{name}", empty)
    others = SAID_BY_OTHERS.get(f"{holding.table}.{holding.person}.{name}")
    return erased if others is None else or_(erased, others)


def _left(holding: Holding, person: Any) -> Any:
    """Deleted accounts of which a table holds more than it is to keep."""
    erased = [name for name, field in holding.personal.items() if not field.kept]
    found = select(col(User.id)).where(col(User.deleted_at).is_not(None))
    if person.table.name != "users":
        found = found.join(person.table, person == User.id)
    if len(erased) == len(holding.personal):  # of which no row is to be left
        return found
    return found.where(~and_(true(), *(_is_erased(holding, name) for name in erased)))


def _holdings() -> Iterator[Any]:
    """What all tables still hold; others belong to what these name, and go with it."""
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
        "Nothing is left of a deleted account but what the register of personal data keeps.",
        union(*_holdings()),
    ),
)
