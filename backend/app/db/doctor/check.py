"""What a promise about the whole database is, and how it is found out whether it is kept."""

import time
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Text, cast, func, select
from sqlalchemy.sql.selectable import SelectBase

from app.postgres.statements import Source, Statement

SHOWN = 5
"""How many of the rows that break a promise are named."""


class Finding(NamedTuple):
    """What was found out about a promise.

    Args:
        check: How that was found out.
        broken: How many rows break it.
        examples: The keys of the first of them.
        seconds: How long it took.
    """

    check: "Check"
    broken: int
    examples: list[str]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return not self.broken


class Check:
    """Finds out whether a promise is kept.

    Args:
        name: What it is called.
        promise: What is promised, as people say it.
        violations: Selects the key of each row that breaks it.
    """

    def __init__(self, name: str, promise: str, violations: SelectBase) -> None:
        self.name, self.promise = name, promise
        self._violations = violations

    async def run(self, source: Source) -> Finding:
        """Looks for rows that break the promise."""
        begun = time.monotonic()
        (row,) = await self._statement.fetch(source)
        return Finding(self, row["broken"], row["examples"] or [], time.monotonic() - begun)

    @cached_property
    def _statement(self) -> Statement:
        """Counts all that the check finds, and keeps no more of it than is shown."""
        (key,) = self._violations.subquery().c
        place = func.row_number().over(order_by=key)
        found = select(cast(key, Text).label("key"), place.label("place")).subquery()
        return Statement(
            select(
                func.count().label("broken"),
                func.array_agg(found.c.key).filter(found.c.place <= SHOWN).label("examples"),
            ).select_from(found)
        )
