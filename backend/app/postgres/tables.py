"""Rows as objects of their table classes: how they are read, and how they are written back.

A new row is written whole; of one that was read, what has changed since, and the fields that are
written together with it. The statements are built out of the table's columns and compiled once.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

import sqlalchemy
from asyncpg import Record
from sqlalchemy import JSON, BindParameter, Enum, Select, insert, update

from app.postgres.rows import Row
from app.postgres.statements import Bound, Statement, argument, dialect

RowType = TypeVar("RowType", bound=Row)
Values = Mapping[str, Any]

FOREIGN = (Enum, JSON)
"""Types whose values the driver doesn't know as Python has them."""


class Table:
    """What is to be known of a table class to read and write its rows."""

    def __init__(self, model: type[Row]) -> None:
        mapper: Any = sqlalchemy.inspect(model)
        foreign = {
            column.name: column.type.dialect_impl(dialect)
            for column in mapper.columns
            if isinstance(column.type, FOREIGN)
        }
        self._model = model
        self._new_instance = mapper.class_manager.new_instance
        self._names = [column.name for column in mapper.columns]
        arguments = _arguments(mapper, self._names)
        self._insert = Statement(
            insert(mapper.local_table).values({**arguments, **model.derived(arguments)})
        )
        self._keys = {key.name: f"key_{key.name}" for key in mapper.primary_key}
        self._encoders = {
            name: encode
            for name, kind in foreign.items()
            if (encode := kind.bind_processor(dialect))
        }
        self._decoders = {
            name: decode
            for name, kind in foreign.items()
            if (decode := kind.result_processor(dialect, None))
        }

    def read(self, record: Record) -> tuple[Any, Values]:
        """Makes a row out of what was selected.

        Returns:
            The row, which may then change, and its values as they were read.
        """
        values = dict(record)
        for name, decode in self._decoders.items():
            values[name] = decode(values[name])
        row = self._new_instance()  # as the ORM does, without validating what is stored
        row.__dict__.update(values)
        return row, values

    def values(self, row: Row) -> Values:
        """The present values of a row."""
        content = row.__dict__
        return {name: content[name] for name in self._names} | row.keyed()

    def insert(self, values: Values) -> Bound:
        """The statement that writes a new row."""
        return self._insert.bound(self._encoded(values))

    def update(self, values: Values, before: Values) -> Bound:
        """The statement that writes the values that differ from those before."""
        changed = {name for name, value in values.items() if value != before[name]}
        together = self._model.written_together
        if changed & together:
            changed |= together
        changes = {name: value for name, value in values.items() if name in changed}
        keys = {argument: before[name] for name, argument in self._keys.items()}
        return _update(self._model, tuple(changes)).bound(self._encoded(changes) | keys)

    def _encoded(self, values: Values) -> dict[str, Any]:
        encoders = self._encoders
        return {
            name: encoders[name](value) if name in encoders else value
            for name, value in values.items()
        }


table_of = cache(Table)
"""The `Table` of a table class."""


class RowQuery(Statement, Generic[RowType]):
    """Selects rows of one table class."""

    def __init__(self, statement: Select[RowType]) -> None:
        super().__init__(statement)
        self.table = table_of(statement.column_descriptions[0]["entity"])


@lru_cache(maxsize=256)
def _update(model: type[Row], names: tuple[str, ...]) -> Statement:
    mapper: Any = sqlalchemy.inspect(model)
    found = (key == argument(f"key_{key.name}", key.type) for key in mapper.primary_key)
    values = _arguments(mapper, names)
    derived = model.derived(values) if model.written_together <= values.keys() else {}
    return Statement(update(mapper.local_table).where(*found).values({**values, **derived}))


def _arguments(mapper: Any, names: Iterable[str]) -> dict[str, BindParameter[Any]]:
    """The values of columns, as arguments of their names."""
    return {name: argument(name, mapper.columns[name].type) for name in names}
