"""How lists are read part by part, by the keys of their items."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Text, select, tuple_

from app.core.errors import NotFound
from app.core.security.tokens import Bearer
from app.db.repositories.base import Query
from app.postgres.statements import Rows, Source, argument, inline

LARGEST_PART = 128 * 1024
"""How many bytes the items of a part of a list may have. The proxy holds as much of an answer, so
that a client which reads slowly keeps no server waiting (`tune.bufsize` in haproxy.cfg)."""
LONGEST_CHARACTER = 4  # bytes, in UTF-8

LIMITS = (1, 5, 10, 20, 50, 100)
"""The limits of the statements that read pages: each page is cut out of the next larger one.

A limit stands in the statement itself, where the planner sees it. If callers chose it freely, they
would have a hundred statements compiled and planned for each list.
"""


class PageShape(NamedTuple):
    """What of a page's request changes the statement.

    Args:
        limit: How many items the statement reads; one of `LIMITS`.
        continued: Whether it begins behind an item.
    """

    limit: int
    continued: bool


class PageRequest(NamedTuple):
    """Which part of a list is wanted.

    Args:
        limit: How many items at the most.
        after: The keys of the last item that the caller has; None to begin.
    """

    limit: int
    after: tuple[str, ...] | None = None

    @property
    def shape(self) -> PageShape:
        """What of it changes the statement."""
        limit = LIMITS[bisect_left(LIMITS, self.limit)]
        return PageShape(limit, self.after is not None)


class Page(NamedTuple):
    """A part of a list: its items as JSON, and the keys of the last one if more follow."""

    items: list[str]
    next: tuple[str, ...] | None


def part(
    statement: Rows,
    keys: Sequence[ColumnElement[Any]],
    shape: PageShape,
    *,
    descending: bool = True,
    by_index: bool = False,
) -> Rows:
    """The rows of a statement that belong to a part of a list, and one more if others follow.

    Args:
        statement: Selects the rows of the whole list.
        keys: What the list is sorted by. Together they are unique.
        shape: The shape of the requests.
        descending: Whether the largest keys come first.
        by_index: Whether the rows are read in the order of an index even if few seem to be in the
            list. The planner takes everyone's list for one of average length, and would read and
            sort all rows of a long one.
    """
    if shape.continued:
        after = tuple_(*(argument(f"after_{i}", key.type) for i, key in enumerate(keys)))
        row = tuple_(*keys)
        statement = statement.where(row < after if descending else row > after)
    # A limit that the planner doesn't see is taken for a tenth of the rows.
    limit: Any = inline(shape.limit + 1)
    order = (key.desc() if descending else key for key in keys)
    return statement.order_by(*order).limit(select(limit).scalar_subquery() if by_index else limit)


class PageQuery(Query):
    """Reads a part of a list, by its keys.

    While others write, nothing is lost or repeated that keeps its keys. Ids never change; prices
    and ranks do.

    Args:
        statement: Selects the rows, from the tables that the items are made of.
        item: One item as JSON.
        keys: What the list is sorted by. Together they are unique.
        descending: Whether the largest keys come first.
        shape: The shape of the requests that it answers.
        within: Selects one row of what the list belongs to.
        missing: What to raise when that doesn't exist.
    """

    def __init__(
        self,
        statement: Rows,
        *,
        item: ColumnElement[Any],
        keys: Sequence[ColumnElement[Any]],
        shape: PageShape,
        descending: bool = True,
        within: Rows | None = None,
        missing: type[NotFound] | None = None,
    ) -> None:
        statement = part(
            statement.add_columns(
                sqlalchemy.cast(item, Text).label("item"),
                *(key.label(f"key_{i}") for i, key in enumerate(keys)),
            ),
            keys,
            shape,
            descending=descending,
        )
        super().__init__(*([statement] if within is None else [within, statement]))
        self._key_types = [key.type.python_type for key in keys]
        self._key_names = [f"key_{i}" for i in range(len(keys))]
        self._missing = missing

    async def page(
        self, source: Source, caller: Bearer, request: PageRequest, **arguments: Any
    ) -> Page:
        """Returns the part that is asked for.

        Raises:
            Unauthenticated: The caller's session has ended.
            NotFound: What the list belongs to doesn't exist.
        """
        for i, (kind, key) in enumerate(zip(self._key_types, request.after or (), strict=False)):
            arguments[f"after_{i}"] = kind(key)
        rows = await self.run(source, caller, **arguments)
        if self._missing and rows[0][0] is None:
            raise self._missing
        if rows[0]["item"] is None:
            return Page([], None)
        items = [row["item"] for row in rows[: request.limit]]
        count = fitting(items)
        if len(rows) == count:
            return Page(items, None)
        last = rows[count - 1]
        return Page(items[:count], tuple([str(last[key]) for key in self._key_names]))


def fitting(items: Sequence[str]) -> int:
    """How many items fit into one part of a list: as many as have `LARGEST_PART`, or the first."""
    if sum(map(len, items)) * LONGEST_CHARACTER <= LARGEST_PART:
        return len(items)
    sizes = accumulate(len(item.encode()) for item in items)
    return max(1, sum(size <= LARGEST_PART for size in sizes))
