"""Row mapping: reads rows as objects of their table classes, and builds INSERTs and UPDATEs.

An UPDATE writes the fields that have changed, and those that are written together with them. The
statements are built from the columns of the table and compiled once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy
from asyncpg import Record
from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Enum,
    Insert,
    Select,
    Update,
    insert,
    literal_column,
    update,
)

from app.core.errors import MarketplaceError
from app.postgres.rows import Expressions, Row
from app.postgres.statements import Statement, argument, dialect

RowType = TypeVar("RowType", bound=Row)
Values = Mapping[str, Any]
WRITTEN: Any = literal_column("1").label("written")
FOREIGN = (Enum, JSON)
"""Types whose Python values the driver does not convert itself."""


class RowStatement(Statement):
    """An INSERT of one row, or an UPDATE of one row by its primary key.

    It returns a row for each row that it has written.

    Args:
        model: The table class.
        build: Builds it; what it is given ends the names of all parameters.
    """

    def __init__(self, model: type[Row], build: Callable[[str], Insert | Update]) -> None:
        self._model, self._build = model, build
        super().__init__(self.build(""))

    def build(self, ending: str) -> Any:
        """Builds the statement.

        Args:
            ending: The end of the names of its parameters.
        """
        return self._build(ending).returning(WRITTEN)

    def __str__(self) -> str:
        """The statement, as errors name it."""
        return f"{self.compiled.sql.partition(' ')[0]} of {self._model.__name__}"


class RowCondition(RowStatement):
    """A condition of writes: it is sent with them, and returns one row if it holds.

    It sees what was committed before they are sent, and nothing of them.

    Args:
        refusal: The error if it does not hold.
        condition: Builds it; what it is given ends the names of all parameters.
    """

    def __init__(
        self, refusal: type[MarketplaceError], condition: Callable[[str], ColumnElement[bool]]
    ) -> None:
        self.refusal, self._condition = refusal, condition
        Statement.__init__(self, self.build(""))

    def build(self, ending: str) -> Any:
        """Builds the statement.

        Args:
            ending: The end of the names of its parameters.
        """
        return sqlalchemy.select(WRITTEN).where(self._condition(ending))


class Write(NamedTuple):
    """A statement that is to be run, and the values of its parameters by their names."""

    statement: Statement
    arguments: Mapping[str, Any]


class Table:
    """A table class: how its rows are read and written.

    Args:
        model: The class.
    """

    def __init__(self, model: type[Row]) -> None:
        mapper: Any = sqlalchemy.inspect(model)
        foreign = {
            column.name: column.type.dialect_impl(dialect)
            for column in mapper.columns
            if isinstance(column.type, FOREIGN)
        }
        self._model = model
        self._names = [column.name for column in mapper.columns]
        self._primary_key = [key.name for key in mapper.primary_key]
        self._insert = RowStatement(model, self._build_insert)
        self._encoders = [
            (name, encode)
            for name, kind in foreign.items()
            if (encode := kind.bind_processor(dialect))
        ]
        self._decoders = [
            (name, decode)
            for name, kind in foreign.items()
            if (decode := kind.result_processor(dialect, None))
        ]

    def __str__(self) -> str:
        """Its name."""
        return str(self._model.__tablename__)

    def read(self, record: Record) -> Values:
        """The values of a row as it was selected."""
        values = dict(record)
        for name, decode in self._decoders:
            values[name] = decode(values[name])
        return values

    def make(self, values: Values) -> Any:
        """Makes the object of a row that was read."""
        row = self._model.__new__(self._model)  # what is stored is not validated
        row.__dict__.update(values)
        return row

    def key(self, values: Values) -> tuple[Any, ...]:
        """The primary key."""
        return tuple([values[name] for name in self._primary_key])

    def values(self, row: Row) -> Values:
        """The present values of a row."""
        content = row.__dict__
        return {name: content[name] for name in self._names} | row.keyed()

    def insert(self, values: Values) -> Write:
        """Writes a new row."""
        return Write(self._insert, self._encoded(values) | self._model.prepared(values))

    def changes(self, row: Row, stored: Values) -> dict[str, Any]:
        """The values that differ from those that are stored, and those written together with them.

        They have the order of the columns, so that equal changes are equal statements.
        """
        content, changed = row.__dict__, row.model_fields_set
        present = {name: content[name] for name in self._names if name in changed} | row.keyed()
        changes = {name: value for name, value in present.items() if value != stored[name]}
        together = self._model.written_together
        if together.isdisjoint(changes):
            return changes
        whole = self.values(row)
        return {name: value for name, value in whole.items() if name in changes or name in together}

    def update(self, changes: Values, stored: Values) -> Write:
        """Writes changes of a row.

        Args:
            changes: The new values.
            stored: The values before.
        """
        arguments = self._encoded(changes)
        arguments |= {f"key_{name}": stored[name] for name in self._primary_key}
        if _derives(self._model, changes):
            arguments |= self._model.prepared(changes)
        return Write(_update(self._model, tuple(changes)), arguments)

    def _encoded(self, values: Values) -> dict[str, Any]:
        encoded = {**values}
        for name, encode in self._encoders:
            if name in encoded:
                encoded[name] = encode(encoded[name])
        return encoded

    def _build_insert(self, ending: str) -> Insert:
        mapper: Any = sqlalchemy.inspect(self._model)
        arguments = _arguments(mapper, self._names, ending)
        model = self._model
        derived = _derived(model, arguments, ending)
        values = {**arguments, **derived, **model.inserted(arguments)}
        return model.inserting(insert(mapper.local_table).values(values), ending)


table_of = cache(Table)
"""The `Table` of a table class."""


class RowQuery(Statement, Generic[RowType]):
    """Selects rows of one table class."""

    def __init__(self, statement: Select[RowType]) -> None:
        super().__init__(statement)
        self.table = table_of(statement.column_descriptions[0]["entity"])


@lru_cache(maxsize=256)
def _update(model: type[Row], names: tuple[str, ...]) -> RowStatement:
    mapper: Any = sqlalchemy.inspect(model)

    def build(ending: str) -> Update:
        found = (key == argument(f"key_{key.name}{ending}", key.type) for key in mapper.primary_key)
        values = _arguments(mapper, names, ending)
        derived = _derived(model, values, ending) if _derives(model, values) else {}
        return update(mapper.local_table).where(*found).values({**values, **derived})

    return RowStatement(model, build)


def _derives(model: type[Row], written: Collection[str]) -> bool:
    """Whether an UPDATE of these fields computes the derived columns."""
    return model.written_together.issubset(written)


def _derived(model: type[Row], written: Expressions, ending: str) -> Expressions:
    prepared = {name: argument(f"{name}{ending}", it) for name, it in model.prepared_types.items()}
    return model.derived({**written, **prepared})


def _arguments(mapper: Any, names: Iterable[str], ending: str) -> dict[str, BindParameter[Any]]:
    """The values of columns, as arguments of their names."""
    return {name: argument(f"{name}{ending}", mapper.columns[name].type) for name in names}
