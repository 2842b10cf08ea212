"""What is held of people: who is shown it, what it is for, and what is left of it in the end.

The register itself is in `register.py`. Tests hold it against the tables, against what callers are
shown, and against what export and deletion do; docs/privacy.md shows it to people.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

DELETION = "the account is deleted"


class Tier(StrEnum):
    """Who is shown something of a person."""

    PUBLIC = "everyone"
    PARTICIPANT = "the other side"
    PRIVATE = "oneself"
    INTERNAL = "nobody"


class Personal(NamedTuple):
    """Something that is held of a person.

    Args:
        tier: Who is shown it.
        purpose: What it is for.
        kept: Why it stays when the account is deleted; if there is no reason, it is erased.
    """

    tier: Tier
    purpose: str
    kept: str = ""


class Holding(NamedTuple):
    """What a table holds of one person.

    Args:
        table: Its name.
        person: The column that says who it is; None if nobody can tell.
        personal: What it holds of them, by column. Of JSON, by column and field: `terms.address`.
        others: The columns that by themselves say nothing of anybody: keys, states, versions, and
            the times of the thing itself.
        until: When all that is not kept is erased.
    """

    table: str
    person: str | None
    personal: Mapping[str, Personal]
    others: tuple[str, ...] = ()
    until: str = DELETION


def alike(names: Iterable[str], field: Personal) -> dict[str, Personal]:
    """Columns of which the same is to be said."""
    return dict.fromkeys(names, field)


def within(column: str, fields: Mapping[str, Personal]) -> dict[str, Personal]:
    """What stands in a column of JSON."""
    return {f"{column}.{name}": field for name, field in fields.items()}
