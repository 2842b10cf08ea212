"""What all rows have in common."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, NamedTuple

from pydantic_core import PydanticUndefined
from sqlalchemy import ColumnElement
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
    """What rows are made of was validated before: they need no validators, which take time."""

    written_together: ClassVar[frozenset[str]] = frozenset()
    """Fields of which an UPDATE writes all as soon as one has changed.

    Callers choose which of them change. So there is one statement for all their choices. The rows
    must have been locked when they were read.
    """

    @classmethod
    def derived(cls, written: Expressions) -> Expressions:  # noqa: ARG003 (most have none)
        """Columns that are no fields: the writing statement makes them out of fields.

        Args:
            written: The values of the fields that are written together, as the statement has them.
        """
        return {}

    def __init__(self, **values: Any) -> None:
        """Makes a new row out of values that have been validated before.

        SQLModel would tell SQLAlchemy of each value as if it were a change, which takes longer
        than to write the row.

        Raises:
            TypeError: A value is missing, or there is one too many.
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

    def keyed(self) -> dict[str, Any]:
        """The keys that `app.core.names` makes of its names, whenever the row is written."""
        return {}


class Fields(NamedTuple):
    """The fields of a table class, and the values they have if none is given."""

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
