"""Keyset pagination."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Text, select, tuple_

from app.core.errors import NotFound
from app.core.security.tokens import Bearer
from app.db.models.pages import Hint
from app.db.repositories.base import Query
from app.postgres.statements import Rows, Source, argument, inline, unseen

LARGEST_PART = 128 * 1024
"""The largest size of the items of a page in bytes. The proxy buffers as much of a response, so
that slow clients do not occupy a server (`tune.bufsize` in haproxy.cfg)."""

LONGEST_CHARACTER = 4  # bytes, in UTF-8

LIMITS = (1, 5, 10, 20, 50, 100)
"""The limits of the statements: each page is cut out of the next larger one.

A limit is a constant of the statement, so that the planner sees it. Arbitrary limits would need a
hundred statements for each list.
"""


class PageShape(NamedTuple):
    """The properties of a request that select the statement.

    Args:
        limit: The number of items of the statement; one of `LIMITS`.
        continued: Whether it starts after an item.
    """

    limit: int
    continued: bool


class PageRequest(NamedTuple):
    """A request for a page.

    Args:
        limit: The largest number of items.
        after: The keys of the last item of the previous page; None for the first page.
    """

    limit: int
    after: tuple[str, ...] | None = None

    @property
    def shape(self) -> PageShape:
        """The shape of the statement."""
        limit = LIMITS[bisect_left(LIMITS, self.limit)]
        return PageShape(limit, self.after is not None)


class Page(NamedTuple):
    """A page.

    Args:
        items: Its items as JSON.
        next: The keys of the last one if more follow.
        parent: The first column of the parent row, if the list has one.
    """

    items: list[str]
    next: tuple[str, ...] | None
    parent: Any = None


class SearchPage(NamedTuple):
    """A page of a list that can be searched, and the reason why the search has found nothing."""

    page: Page
    hint: Hint | None


def part(
    statement: Rows,
    keys: Sequence[ColumnElement[Any]],
    shape: PageShape,
    *,
    descending: bool = True,
    by_index: bool = False,
    planned_once: bool = False,
) -> Rows:
    """The rows of a page, and one more if others follow.

    Args:
        statement: Selects the rows of the whole list.
        keys: The sort keys, unique together.
        shape: The shape of the requests.
        descending: Whether the order is descending.
        by_index: Whether to force the order of an index. The planner assumes lists of average
            length, and would read and sort all rows of a long one.
        planned_once: Whether to hide the keys of the last item from the planner.
    """
    if shape.continued:
        after = tuple_(*(argument(f"after_{i}", key.type) for i, key in enumerate(keys)))
        row = tuple_(*keys)
        is_beyond = row < after if descending else row > after
        statement = statement.where(unseen(is_beyond) if planned_once else is_beyond)
    # The planner assumes a tenth of the rows for a limit that it doesn't see.
    limit: Any = inline(shape.limit + 1)
    order = (key.desc() if descending else key for key in keys)
    return statement.order_by(*order).limit(select(limit).scalar_subquery() if by_index else limit)


class PageQuery(Query):
    """Reads a page of a list by its keys.

    Concurrent writes don't lose or repeat rows whose keys are constant, such as ids; prices and
    ranks may change.

    Args:
        statement: Selects the rows, from the tables of the items.
        item: One item as JSON.
        keys: The sort keys, unique together.
        descending: Whether the order is descending.
        shape: The shape of the requests.
        by_index: Whether to force the order of an index, as `part` does.
        within: Selects the parent row of the list, if any.
        missing: The error when the parent does not exist.
        for_visitors: Whether it answers callers without a session instead.
    """

    def __init__(
        self,
        statement: Rows,
        *,
        item: ColumnElement[Any],
        keys: Sequence[ColumnElement[Any]],
        shape: PageShape,
        descending: bool = True,
        by_index: bool = False,
        within: Rows | None = None,
        missing: type[NotFound] | None = None,
        for_visitors: bool = False,
    ) -> None:
        statement = part(
            statement.add_columns(
                sqlalchemy.cast(item, Text).label("item"),
                *(key.label(f"key_{i}") for i, key in enumerate(keys)),
            ),
            keys,
            shape,
            descending=descending,
            by_index=by_index,
        )
        parts = [statement] if within is None else [within, statement]
        super().__init__(*parts, for_visitors=for_visitors)
        self._parsers = [parser(key.type.python_type) for key in keys]
        self._key_names = [f"key_{i}" for i in range(len(keys))]
        self._missing = missing
        self._has_parent = within is not None

    async def page(
        self, source: Source, caller: Bearer | None, request: PageRequest, **arguments: Any
    ) -> Page:
        """The requested page.

        Raises:
            Unauthenticated: The session has ended.
            NotFound: The parent of the list does not exist.
        """
        for i, (parse, key) in enumerate(zip(self._parsers, request.after or (), strict=False)):
            arguments[f"after_{i}"] = parse(key)
        rows = await self.run(source, caller, **arguments)
        if self._missing and rows[0][0] is None:
            raise self._missing
        parent = rows[0][0] if self._has_parent else None
        if rows[0]["item"] is None:
            return Page([], None, parent)
        items = [row["item"] for row in rows[: request.limit]]
        count = fitting(items)
        if len(rows) == count:
            return Page(items, None, parent)
        last = rows[count - 1]
        return Page(items[:count], tuple([str(last[key]) for key in self._key_names]), parent)


def parser(kind: type[Any]) -> Callable[[str], Any]:
    """The inverse of `str` for the type of a sort key."""
    return datetime.fromisoformat if kind is datetime else kind


def fitting(items: Sequence[str]) -> int:
    """The number of items that fit into a page: up to `LARGEST_PART`, at least one."""
    if sum(map(len, items)) * LONGEST_CHARACTER <= LARGEST_PART:
        return len(items)
    sizes = accumulate(len(item.encode()) for item in items)
    return max(1, sum(size <= LARGEST_PART for size in sizes))
