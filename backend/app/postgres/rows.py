"""The base class of table classes."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from pydantic_core import PydanticUndefined
from sqlalchemy import ColumnElement, Insert
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel
from sqlmodel.main import SQLModelMetaclass

Expressions = Mapping[str, ColumnElement[Any]]


class RowClass(SQLModelMetaclass):
    """The class of table classes: makes rows without SQLAlchemy's instance state.

    Only the ORM's session needs that state, which takes longer to make than the rest of the row.
    """

    def __call__(self, **values: Any) -> Any:
        """Makes a row: see `Row`."""
        row: Any = SQLModel.__new__(self)  # type: ignore[arg-type]  # it is a class of them
        Row.__init__(row, **values)
        return row


class Row(SQLModel, metaclass=RowClass):
    """A row of a table."""

    model_config = {"defer_build": True}
    """Rows are made of validated values: building validators for them would slow the start down."""

    written_together: ClassVar[frozenset[str]] = frozenset()
    """Fields that an UPDATE writes together as soon as one of them has changed.

    Clients choose which of them change. So there is one statement for all combinations. The rows
    must have been locked when they were read.
    """

    prepared_types: ClassVar[Mapping[str, TypeEngine[Any]]] = MappingProxyType({})
    """The types of the arguments from `prepared`."""

    @classmethod
    def prepared(cls, values: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG003 (most have none)
        """Arguments for `derived` that are not stored themselves.

        Args:
            values: The values of the fields that are written together.
        """
        return {}

    @classmethod
    def derived(cls, written: Expressions) -> Expressions:  # noqa: ARG003 (most have none)
        """Columns that are not fields: the INSERT or UPDATE computes them from arguments.

        Args:
            written: The parameters of the fields that are written together, and of `prepared`.
        """
        return {}

    @classmethod
    def inserted(cls, written: Expressions) -> Expressions:  # noqa: ARG003 (most have none)
        """Fields whose first values the INSERT computes; the new row itself does not have them.

        Args:
            written: The parameters of all fields.
        """
        return {}

    @classmethod
    def inserting(cls, row: Insert, ending: str) -> Insert:  # noqa: ARG003 (most write one row)
        """The statement that inserts a row, with what is written by the same statement.

        Args:
            row: The INSERT of the row alone.
            ending: The end of the names of all CTEs.
        """
        return row

    def __init__(self, **values: Any) -> None:
        """Makes a new row of validated values.

        SQLModel would report each value to SQLAlchemy as a change, which takes longer than writing
        the row.

        Raises:
            TypeError: A value is missing, or is not that of a field.
        """
        fields = _fields(type(self))
        content = fields.defaults | values
        for name, make in fields.factories.items():
            if name not in values:
                content[name] = make()
        if content.keys() != fields.names:
            wrong = ", ".join(sorted(content.keys() ^ fields.names))
            raise TypeError(f"{type(self).__name__}: {wrong} missing, or not a field")
        self.__dict__.update(content)
        self.__pydantic_fields_set__.clear()

    def __setattr__(self, name: str, value: Any) -> None:
        """Changes a field; `model_fields_set` has the names of those that have been changed.

        SQLModel and SQLAlchemy would both keep track of it, which takes ten times as long.

        Raises:
            ValueError: There is no such field.
        """
        if name in _fields(type(self)).names:
            self.__dict__[name] = value
            self.__pydantic_fields_set__.add(name)
        else:
            super().__setattr__(name, value)

    def followed_by(
        self,
        before: Mapping[str, Any] | None,  # noqa: ARG002 (most have none)
    ) -> Iterable["Row"]:
        """Further rows that the unit of work inserts with an INSERT or UPDATE of this one.

        Args:
            before: The values that were stored; None for a new row.
        """
        return ()

    def keyed(self) -> dict[str, Any]:
        """The comparison keys of its names (`app.core.names`), computed when the row is written."""
        return {}


class Fields(NamedTuple):
    """The fields of a table class, with their defaults."""

    names: frozenset[str]
    defaults: dict[str, Any]
    factories: dict[str, Callable[[], Any]]


@cache
def _fields(model: type[Row]) -> Fields:
    fields: dict[str, Any] = model.model_fields
    return Fields(
        frozenset(fields),
        {
            name: field.default
            for name, field in fields.items()
            if field.default is not PydanticUndefined
        },
        {name: field.default_factory for name, field in fields.items() if field.default_factory},
    )
