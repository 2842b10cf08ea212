"""SQL statements: built from the SQLModel columns, compiled once, run directly on asyncpg."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar, cast

import orjson
from asyncpg import Record
from sqlalchemy import (
    CTE,
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
"""A SELECT of any columns."""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


dialect: Any = cast("Any", PGDialect_asyncpg)(json_serializer=_json)


class Source(Protocol):
    """Runs statements: on any connection, or in a transaction."""

    def fetch(self, sql: str, arguments: Sequence[Any]) -> Awaitable[list[Record]]:
        """Runs a statement and returns all its rows."""


class Stream(Protocol):
    """Runs statements whose rows are too many to hold in memory."""

    def stream(self, sql: str, arguments: Sequence[Any]) -> AsyncIterator[Record]:
        """Runs a statement and yields its rows as they arrive."""


def col(attribute: Column) -> ColumnElement[Column]:
    """`sqlmodel.col`, with the type that SQLAlchemy's functions want for a column."""
    return cast("ColumnElement[Column]", attribute)


def argument(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """A required parameter of a statement."""
    return bindparam(name, type_=kind, required=False)


LEFT_OUT = object()


def optional(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """An optional parameter of a statement: null unless it is given."""
    return bindparam(name, value=LEFT_OUT, type_=kind)


def inline(value: str | int) -> BindParameter[Any]:
    """A constant in the text of a statement, which the planner sees."""
    kind: TypeEngine[Any] = Text() if isinstance(value, str) else Integer()
    return literal(value, kind, literal_execute=True)


def once(some: Rows) -> Rows:
    """A subquery that is carried out once, for rows that are locked.

    Depending on its plan, PostgreSQL repeats a plain subquery for each row of the statement. If it
    has a limit and locks rows, each time it finds others, and the limit does not hold.
    """
    return select(some.cte("some"))


def unseen(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition with parameters in scalar subqueries, whose values the planner ignores.

    So PostgreSQL chooses a generic plan, instead of planning for each value, which can take longer
    than running the statement.
    """

    def hidden(element: BindParameter[Any]) -> Any:
        return None if element.literal_execute else select(element).scalar_subquery()

    return replaced(condition, hidden)


def replaced(
    condition: ColumnElement[bool], replacement: Callable[[BindParameter[Any]], Any]
) -> ColumnElement[bool]:
    """The same condition with its parameters replaced, except for those of CTEs, which it shares.

    Args:
        condition: The condition.
        replacement: Returns the expression for a parameter, or None to keep it.
    """

    def replace(element: Any, **_: Any) -> Any:
        if isinstance(element, CTE):
            return element
        return replacement(element) if isinstance(element, BindParameter) else None

    changed: ColumnElement[bool] = replacement_traverse(condition, {}, replace)
    return changed


PLANNED_EACH_TIME = or_(
    bindparam("known", value=True, type_=Boolean()),
    select(func.count() > inline(0))
    .select_from(func.generate_series(inline(1), inline(1_000_000_000)))
    .scalar_subquery(),
)
"""A condition that is always true, for statements whose best plan depends on their arguments.

PostgreSQL switches to a generic plan if its estimated cost is no higher than that of custom plans.
A custom plan omits this condition; in a generic plan, its estimated cost is very high.
"""


class Bound(NamedTuple):
    """The text of a statement, and its arguments in the order of its parameters."""

    sql: str
    arguments: Sequence[Any]


class Compiled(NamedTuple):
    """A compiled statement.

    Args:
        sql: Its text.
        names: The names of its parameters, in order.
        constants: The values of constant parameters; null for the optional ones.
    """

    sql: str
    names: Sequence[str]
    constants: Mapping[str, Any]


class Statement:
    """A statement that is compiled once.

    Args:
        statement: The statement as built with SQLAlchemy.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement

    @cached_property
    def compiled(self) -> Compiled:
        """The compiled statement; compiled at its first use, so that start-up is fast.

        The expression tree is released then: it takes some hundred kilobytes, the text a few.
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
        """The text of the statement, and its arguments in order.

        Args:
            arguments: The values of the parameters, by their names.
        """
        sql, names, constants = self.compiled
        values = {**constants, **arguments}
        return Bound(sql, [values[name] for name in names])

    def fetch(self, source: Source, **arguments: Any) -> Awaitable[list[Record]]:
        """Runs the statement and returns all its rows.

        Args:
            source: Runs it.
            arguments: The values of the parameters, by their names.
        """
        return source.fetch(*self.bound(arguments))
