"""Personal data: visibility, purpose, retention.

Each feature declares what its tables hold in the file of its name in this folder, as ``HOLDINGS``,
together with the shapes in which it is exported. `app.db.models.register` concatenates the
holdings. Tests compare the register with the tables, with the answers of the service, and with what
export and deletion do; docs/privacy.md shows it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import ColumnElement

DELETION = "the account is deleted"
LOG_KEPT = "history"
RECORD_KEPT = "the other side's record of the agreement"

NONE: Mapping[str, ColumnElement[bool]] = MappingProxyType({})


class Tier(StrEnum):
    """Visibility of personal data."""

    OPEN = "all users; visitors if the user permits it"
    PUBLIC = "all users"
    PARTICIPANT = "the other side"
    PRIVATE = "the user"
    INTERNAL = "internal"


class Personal(NamedTuple):
    """A column that holds something about a person.

    Args:
        tier: The visibility.
        purpose: The purpose.
        kept: The reason to keep it when the account is deleted; if empty, it is erased.
    """

    tier: Tier
    purpose: str
    kept: str = ""


class Holding(NamedTuple):
    """What a table holds about one person.

    Args:
        table: The name of the table.
        person: The column that identifies the person; None if there is none.
        personal: The personal data, by column. Of JSON, by column and field: `terms.address`.
        others: The columns that by themselves say nothing about a person: keys, states, versions,
            and the times of the thing itself.
        until: When all that is not kept is erased.
        erased: The conditions under which columns that can't be null are erased, by column.
        foreign: The conditions under which columns hold the data of another person, by column.
    """

    table: str
    person: str | None
    personal: Mapping[str, Personal]
    others: tuple[str, ...] = ()
    until: str = DELETION
    erased: Mapping[str, ColumnElement[bool]] = NONE
    foreign: Mapping[str, ColumnElement[bool]] = NONE


def alike(names: Iterable[str], field: Personal) -> dict[str, Personal]:
    """Columns with the same description."""
    return dict.fromkeys(names, field)


def within(column: str, fields: Mapping[str, Personal]) -> dict[str, Personal]:
    """The fields of a column of JSON."""
    return {f"{column}.{name}": field for name, field in fields.items()}
