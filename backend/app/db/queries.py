"""How reads are answered: statements compiled once, whose rows PostgreSQL writes as JSON.

A repository's reader builds a SELECT out of the SQLModel columns and makes a query of it. The
query is compiled once, checks the caller's session in the same statement, and runs on the driver
itself; what comes back is the text of the answer. Nothing is parsed and written again.
"""

from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import sqlalchemy
from asyncpg import Record
from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Numeric,
    Text,
    Uuid,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from app.core.errors import NotFound, Unauthenticated
from app.core.security import Bearer
from app.db.models.sessions import Session
from app.db.models.users import User
from app.db.statements import Rows, Source, Statement, Stream, argument, col, inline

CALLER_ID = argument("caller_id", Uuid())
"""Who asks, for conditions and columns that depend on it."""

SESSION_ID = argument("session_id", Uuid())
"""The session in which they ask."""

USABLE_ACCOUNT = (
    col(User.blocked_at).is_(None),
    col(User.inactive_at).is_(None),
    col(User.deleted_at).is_(None),
)
"""What must hold of an account for anybody to act with it."""

LIVE_SESSION = (
    col(Session.id) == SESSION_ID,
    col(Session.user_id) == CALLER_ID,
    col(Session.expires_at) > func.now(),
    col(User.id) == Session.user_id,
    *USABLE_ACCOUNT,
)
"""What must hold of a session and its user for an access token to be good."""


def json_object(
    shape: type[BaseModel], source: Any = None, /, **given: ColumnElement[Any]
) -> ColumnElement[Any]:
    """An expression that writes one ``shape`` as a JSON object.

    Args:
        shape: The model of the answer; all its fields are written, an ``id`` first.
        source: A table class, or an alias of one, whose column of the same name is the value of
            a field that is not given.
        given: The values of the other fields.

    Raises:
        AttributeError: A field has no value.
        TypeError: Something is given that is no field of the shape.
    """
    if unknown := given.keys() - shape.model_fields.keys():
        raise TypeError(f"{shape.__name__} has no {', '.join(sorted(unknown))}")
    pairs: list[ColumnElement[Any]] = []
    for name in sorted(shape.model_fields, key=lambda name: name != "id"):
        value = given[name] if name in given else col(getattr(source, name))
        if isinstance(value.type, Numeric):
            # Money is a string: no client shall read it as a float.
            value = sqlalchemy.cast(value, Text)
        pairs += [literal_column(f"'{name}'"), value]
    return func.json_build_object(*pairs)


class Query(Statement):
    """SELECTs in one statement, which answers live sessions only.

    Args:
        parts: What to read. Each but the last gives one row at the most, and is joined with all
            the rows of the next.
    """

    def __init__(self, *parts: Rows) -> None:
        # One row of `caller` is joined with the parts, without a condition: that can only be a
        # nested loop, which keeps the order in which the rows of the last part come.
        joined: FromClause = select(col(User.id)).where(*LIVE_SESSION).subquery("caller")
        columns: list[ColumnElement[Any]] = []
        for read in parts:
            rows = read.subquery()
            joined = joined.outerjoin(rows, true())
            columns += rows.c
        super().__init__(select(*columns).select_from(joined))

    async def run(self, source: Source, caller: Bearer, **arguments: Any) -> list[Record]:
        """Runs the statement and returns all its rows: at least one, though it may be all null.

        Args:
            source: Where to run it.
            caller: Who asks.
            arguments: The values of the parameters, by their names.

        Raises:
            Unauthenticated: The caller's session has ended.
        """
        rows = await self.fetch(
            source, caller_id=caller.user_id, session_id=caller.session_id, **arguments
        )
        if not rows:
            raise Unauthenticated
        return rows

    async def stream(
        self, source: Stream, caller: Bearer, **arguments: Any
    ) -> AsyncIterator[Record]:
        """Runs the statement and yields its rows as they come: at least one, as with `run`.

        Args:
            source: Where to run it.
            caller: Who asks.
            arguments: The values of the parameters, by their names.

        Raises:
            Unauthenticated: The caller's session has ended.
        """
        who = {"caller_id": caller.user_id, "session_id": caller.session_id}
        found = False
        async for row in source.stream(*self.bound(who | arguments)):
            found = True
            yield row
        if not found:
            raise Unauthenticated


class Item(NamedTuple):
    """One thing: as JSON, and the version of its row."""

    json: str
    version: int


class ItemQuery(Query):
    """Reads one thing.

    Args:
        statement: Selects the row, from the tables that the item is made of.
        item: The item as JSON.
        version: The version of the row.
        missing: What to raise when there is none.
    """

    def __init__(
        self,
        statement: Rows,
        *,
        item: ColumnElement[Any],
        version: ColumnElement[int],
        missing: type[NotFound],
    ) -> None:
        super().__init__(
            statement.add_columns(
                sqlalchemy.cast(item, Text).label("item"), version.label("version")
            )
        )
        self._missing = missing

    async def one(self, source: Source, caller: Bearer, **arguments: Any) -> Item:
        """Returns the item.

        Raises:
            Unauthenticated: The caller's session has ended.
            NotFound: There is none that the caller may see.
        """
        row = (await self.run(source, caller, **arguments))[0]
        if row["item"] is None:
            raise self._missing
        return Item(row["item"], row["version"])


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
