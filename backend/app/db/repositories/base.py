"""Reads: statements compiled once, whose rows are made as JSON by PostgreSQL.

A reader builds a SELECT from the SQLModel columns and makes a query of it. The query is compiled
once, checks the caller's session in the same statement, and runs on the driver; its result is the
text of the response, without parsing and serializing it again.
"""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy
from asyncpg import Record
from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Numeric,
    Text,
    Uuid,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core.errors import NotFound, Unauthenticated
from app.core.security.tokens import Bearer
from app.db.models.sessions import Session
from app.db.models.users import User
from app.postgres.statements import Rows, Source, Statement, Stream, argument, col

CALLER_ID = argument("caller_id", Uuid())
"""The caller, for conditions and columns."""

SESSION_ID = argument("session_id", Uuid())
"""The caller's session."""

USER_ID = argument("user_id", Uuid())
CLEANING_ID = argument("cleaning_id", Uuid())
PACKAGE_ID = argument("package_id", Uuid())
ORDER_ID = argument("order_id", Uuid())
OFFER_ID = argument("offer_id", Uuid())
BOOKING_ID = argument("booking_id", Uuid())
EVALUATION_ID = argument("evaluation_id", Uuid())
EMAIL = col(User.email_key) == argument("email_key", Text())
MOMENT = argument("moment", DateTime(timezone=True))

USABLE_ACCOUNT = (
    col(User.blocked_at).is_(None),
    col(User.inactive_at).is_(None),
    col(User.deleted_at).is_(None),
)
"""The condition of a usable account."""

HAS_ADDRESS = (EMAIL, col(User.pending_until).is_(None), *USABLE_ACCOUNT)
"""The condition of the account that an address belongs to."""

LIVE_SESSION = (
    col(Session.id) == SESSION_ID,
    col(Session.user_id) == CALLER_ID,
    col(Session.expires_at) > func.now(),
    col(User.id) == Session.user_id,
    *USABLE_ACCOUNT,
)
"""The condition of a live session."""

CALLERS = select(col(User.id)).where(*LIVE_SESSION)


def bearer_arguments(caller: Bearer | None) -> dict[str, UUID | None]:
    """The arguments `CALLER_ID` and `SESSION_ID`; null for visitors."""
    if caller is None:
        return {"caller_id": None, "session_id": None}
    return {"caller_id": caller.user_id, "session_id": caller.session_id}


def json_object(
    shape: type[BaseModel], source: Any = None, /, **given: ColumnElement[Any]
) -> ColumnElement[Any]:
    """An expression that makes a JSON object of a ``shape``.

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


def json_array(item: ColumnElement[Any], *keys: Any) -> ColumnElement[Any]:
    """An expression that collects rows in a JSON array, which is empty if there are none.

    Args:
        item: The element that a row becomes.
        keys: The sort keys of the elements, if their order matters.
    """
    items = aggregate_order_by(item, *keys) if keys else item
    return func.coalesce(func.json_agg(items), func.json_build_array())


class Query(Statement):
    """SELECTs in one statement, which answers live sessions only.

    Args:
        parts: What to read. Each but the last gives one row at the most, and is joined with all
            the rows of the next.
        for_visitors: Whether it answers callers without a session instead: to them, `CALLER_ID` is
            null, so nothing is theirs.
    """

    def __init__(self, *parts: Rows, for_visitors: bool = False) -> None:
        callers = select(literal_column("1")) if for_visitors else CALLERS
        # One row of `caller` is joined with the parts, without a condition: that can only be a
        # nested loop, which keeps the order in which the rows of the last part come.
        joined: FromClause = callers.subquery("caller")
        columns: list[ColumnElement[Any]] = []
        for read in parts:
            rows = read.subquery()
            joined = joined.outerjoin(rows, true())
            columns += rows.c
        super().__init__(select(*columns).select_from(joined))

    async def run(self, source: Source, caller: Bearer | None, **arguments: Any) -> list[Record]:
        """Runs the statement and returns all its rows: at least one, though it may be all null.

        Args:
            source: The database or the transaction.
            caller: The caller; None for a query for visitors.
            arguments: The values of the parameters by name.

        Raises:
            Unauthenticated: The session has ended.
        """
        who = bearer_arguments(caller)
        rows = await self.fetch(source, **who, **arguments)
        if not rows:
            raise Unauthenticated
        return rows

    async def stream(
        self, source: Stream, caller: Bearer, **arguments: Any
    ) -> AsyncIterator[Record]:
        """Runs the statement and yields its rows as they come: at least one, as with `run`.

        Args:
            source: The database or the transaction.
            caller: The caller.
            arguments: The values of the parameters by name.

        Raises:
            Unauthenticated: The session has ended.
        """
        who = bearer_arguments(caller)
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
        for_visitors: Whether it answers callers without a session instead.
    """

    def __init__(
        self,
        statement: Rows,
        *,
        item: ColumnElement[Any],
        version: ColumnElement[int],
        missing: type[NotFound],
        for_visitors: bool = False,
    ) -> None:
        super().__init__(
            statement.add_columns(
                sqlalchemy.cast(item, Text).label("item"), version.label("version")
            ),
            for_visitors=for_visitors,
        )
        self._missing = missing

    async def one(self, source: Source, caller: Bearer | None, **arguments: Any) -> Item:
        """Returns the item.

        Raises:
            Unauthenticated: The session has ended.
            NotFound: There is none that the caller may see.
        """
        row = (await self.run(source, caller, **arguments))[0]
        if row["item"] is None:
            raise self._missing
        return Item(row["item"], row["version"])
