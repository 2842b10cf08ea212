"""SQL statements: built out of the SQLModel columns, compiled once, run on the driver itself."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar, cast

import orjson
from asyncpg import Record
from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeEngine

Column = TypeVar("Column")
Rows = Select[*tuple[Any, ...]]
"""A SELECT of whatever columns."""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


dialect: Any = cast("Any", PGDialect_asyncpg)(json_serializer=_json)


class Source(Protocol):
    """Where a statement is run: on any connection, or in a transaction that is under way."""

    def fetch(self, sql: str, arguments: Sequence[Any]) -> Awaitable[list[Record]]:
        """Runs a statement on the driver itself and returns all its rows."""


class Stream(Protocol):
    """Where a statement is run whose rows are too many to be held at once."""

    def stream(self, sql: str, arguments: Sequence[Any]) -> AsyncIterator[Record]:
        """Runs a statement on the driver itself and yields its rows as they come."""


def col(attribute: Column) -> ColumnElement[Column]:
    """`sqlmodel.col`, with the type that SQLAlchemy's functions want for a column."""
    return cast("ColumnElement[Column]", attribute)


def argument(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """A place in a statement for a value that is given each time it runs."""
    return bindparam(name, type_=kind, required=False)


LEFT_OUT = object()


def optional(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """A place for a value that may be left out each time the statement runs: it is null then."""
    return bindparam(name, value=LEFT_OUT, type_=kind)


def inline(value: str | int) -> BindParameter[Any]:
    """A constant that stands in the statement itself, where the planner can see it."""
    kind: TypeEngine[Any] = Text() if isinstance(value, str) else Integer()
    return literal(value, kind, literal_execute=True)


def unseen(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, with arguments that the planner can't see.

    So it has no reason to make a plan for each of their values, which can take longer than to run
    the statement, and makes one for all.
    """

    def hidden(element: BindParameter[Any]) -> Any:
        return None if element.literal_execute else select(element).scalar_subquery()

    return replaced(condition, hidden)


def replaced(
    condition: ColumnElement[bool], replacement: Callable[[BindParameter[Any]], Any]
) -> ColumnElement[bool]:
    """The same condition, with other expressions in place of its arguments.

    Args:
        condition: The condition.
        replacement: Gives the expression for an argument, or None to leave it as it is.
    """

    def replace(element: Any, **_: Any) -> Any:
        return replacement(element) if isinstance(element, BindParameter) else None

    changed: ColumnElement[bool] = replacement_traverse(condition, {}, replace)
    return changed


PLANNED_EACH_TIME = or_(
    bindparam("known", value=True, type_=Boolean()),
    select(func.count() > inline(0))
    .select_from(func.generate_series(inline(1), inline(1_000_000_000)))
    .scalar_subquery(),
)
"""A condition that always holds, for statements whose best plan depends on their arguments.

PostgreSQL keeps one plan for all arguments if it seems to cost no more than plans made for each.
In a plan for known arguments this condition is gone; in one for all, it seems to cost very much.
"""


class Bound(NamedTuple):
    """A statement, and its arguments in the order in which it has them."""

    sql: str
    arguments: Sequence[Any]


class Compiled(NamedTuple):
    """A statement as the driver takes it.

    Args:
        sql: Its text.
        names: The names of its parameters, in their order.
        constants: The values of those that are always the same, and null for the optional ones.
    """

    sql: str
    names: Sequence[str]
    constants: Mapping[str, Any]


class Statement:
    """A statement, compiled once and run as often as wanted.

    Args:
        statement: What SQLAlchemy has built.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement

    @cached_property
    def compiled(self) -> Compiled:
        """The statement as the driver takes it; made at its first use, which start-up is not.

        What it was made of is forgotten then: it takes some hundred kilobytes, the text a few.
        """
        compiled: Any = self._statement.compile(
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        del self._statement
        constants = {
            name: None if value is LEFT_OUT else value
            for name, value in compiled.params.items()
            if value is not None
        }
        return Compiled(str(compiled), compiled.positiontup or (), constants)

    def bound(self, arguments: Mapping[str, Any]) -> Bound:
        """The statement with its arguments.

        Args:
            arguments: The values of the parameters, by their names.
        """
        sql, names, constants = self.compiled
        values = {**constants, **arguments}
        return Bound(sql, [values[name] for name in names])

    def fetch(self, source: Source, **arguments: Any) -> Awaitable[list[Record]]:
        """Runs the statement and returns all its rows.

        Args:
            source: Where to run it.
            arguments: The values of the parameters, by their names.
        """
        return source.fetch(*self.bound(arguments))
