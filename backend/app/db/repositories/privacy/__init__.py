"""Personal data that is exported, erased or deleted when it expires.

Each feature declares it in the file of its name in this folder, as ``PRIVACY``. The modules
`exports`, `erasure` and `housekeeping` beside this folder concatenate the declarations.
"""

from typing import Any, NamedTuple

import sqlalchemy
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Update, delete, select, tuple_, update

from app.core.features import modules
from app.db.models.versioned import Versioned
from app.db.repositories.base import MOMENT
from app.postgres.rows import Row
from app.postgres.statements import Statement, col, inline, once

AT_ONCE = 1000
"""How many expired rows of a kind are deleted at once, so that it does not take long."""


class Part(NamedTuple):
    """A part of a section of an export.

    Args:
        source: What it is selected from.
        item: One item as JSON.
        key: What the items are sorted by.
        own: Which items are the caller's.
    """

    source: Any
    item: ColumnElement[Any]
    key: ColumnElement[Any]
    own: ColumnElement[bool]


class Section(NamedTuple):
    """A list in an export.

    Args:
        name: The name of the field.
        shape: The model of an item.
        parts: The parts that the list is put together from.
    """

    name: str
    shape: type[BaseModel]
    parts: tuple[Part, ...]


class Privacy(NamedTuple):
    """What happens to the personal data of a feature.

    Args:
        export: The sections that an export has of it.
        erase: The statements that run when the account `USER_ID` is deleted.
        expire: The statements that delete rows that have expired at `MOMENT`.
    """

    export: tuple[Section, ...] = ()
    erase: tuple[Any, ...] = ()
    expire: tuple[Statement, ...] = ()


def changing(model: type[Versioned], found: Any, **values: Any) -> Update:
    """Changes rows and their versions."""
    table: Any = model
    return (
        update(table.__table__)
        .where(found)
        .values(version=col(model.version) + 1, updated_at=MOMENT, **values)
    )


def deleting_expired(model: type[Row], condition: ColumnElement[Any]) -> Statement:
    """Deletes some rows of a kind; skips locked rows, so that it waits for no transaction."""
    keys = sqlalchemy.inspect(model, raiseerr=True).primary_key
    some = select(*keys).where(condition).limit(inline(AT_ONCE)).with_for_update(skip_locked=True)
    return Statement(delete(model).where(tuple_(*keys).in_(once(some))).returning(inline(1)))


def declared() -> list[Privacy]:
    """The declarations of all features."""
    return [module.PRIVACY for module in modules(__name__)]
