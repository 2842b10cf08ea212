"""Consistency checks of the whole database."""

import time
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Text, cast, func, select
from sqlalchemy.sql.selectable import SelectBase

from app.postgres.statements import Source, Statement

SHOWN = 5
"""The number of violating rows in a finding."""


class Finding(NamedTuple):
    """The result of a check.

    Args:
        check: The check.
        broken: The number of violating rows.
        examples: The keys of the first of them.
        seconds: The duration.
    """

    check: "Check"
    broken: int
    examples: list[str]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether there are no violations."""
        return not self.broken


class Check:
    """A check of an invariant.

    Args:
        name: The name.
        promise: The invariant as a sentence.
        violations: Selects the key of each violating row.
    """

    def __init__(self, name: str, promise: str, violations: SelectBase) -> None:
        self.name, self.promise = name, promise
        self._violations = violations

    async def run(self, source: Source) -> Finding:
        """Runs the check."""
        begun = time.monotonic()
        (row,) = await self._statement.fetch(source)
        return Finding(self, row["broken"], row["examples"] or [], time.monotonic() - begun)

    @cached_property
    def _statement(self) -> Statement:
        """Counts the violations, and returns the first of them."""
        (key,) = self._violations.subquery().c
        place = func.row_number().over(order_by=key)
        found = select(cast(key, Text).label("key"), place.label("place")).subquery()
        return Statement(
            select(
                func.count().label("broken"),
                func.array_agg(found.c.key).filter(found.c.place <= SHOWN).label("examples"),
            ).select_from(found)
        )
