"""Kinds: names that are stored as text, to which each feature adds its own.

There are several sorts of kinds, such as `AuditAction`. Each feature declares its kinds as a
subclass with members, in the file of its name in this folder. The database only checks the form of
the text, and the doctor compares it with the list. So a new kind needs no migration.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from sqlalchemy import CheckConstraint, String

from app.core.features import modules

LONGEST = 32


def ref_of(model: type) -> str:
    """The reference by which the documentation describes a type only once."""
    return f"{model.__module__}.{model.__qualname__}:{id(model)}"


def one_of(model: type, values: Iterable[str], ref: str | None = None) -> CoreSchema:
    """The schema of a text that is one of the values, which the documentation shows as an enum."""
    described = {"title": model.__name__, "description": model.__doc__}
    return core_schema.literal_schema(
        list(values), ref=ref, metadata={"pydantic_js_updates": described}
    )


def kind_type() -> String:
    """The column type for a kind."""
    return String(LONGEST)


def form(column: str) -> CheckConstraint:
    """The constraint that a column has the form of a kind."""
    return CheckConstraint(f"{column} ~ '^[a-z_]+$'", name=column)


class Kind(StrEnum):
    """A sort of kinds. It has no members; the classes that features derive from it have."""

    @classmethod
    def all(cls) -> tuple[Self, ...]:
        """The kinds of all features, each value once."""
        members = {member.value: member for kinds in cls.__subclasses__() for member in kinds}
        return tuple(members.values())

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        """Describes the sort as one enum with the members of all features."""
        members = {member.value: member for member in cls.all()}
        return core_schema.no_info_after_validator_function(
            members.__getitem__, one_of(cls, members), ref=ref_of(cls)
        )


class AuditAction(Kind):
    """An act in the audit."""


class EventKind(Kind):
    """The kind of an event."""

    subject: ClassVar[str]
    """The sort of thing that it happened to."""
    table: ClassVar[str]
    """The table of these things."""
    clock: ClassVar[tuple[str, ...]]
    """The kinds that may be recorded without an actor, as by the clock or by visitors."""
    sent: ClassVar[bool]
    """Whether webhooks are sent such events."""

    def __init_subclass__(
        cls,
        subject: str,
        clock: tuple[str, ...] = (),
        table: str | None = None,
        *,
        sent: bool = True,
    ) -> None:
        super().__init_subclass__()
        cls.subject, cls.table, cls.clock = subject, table or f"{subject}s", clock
        cls.sent = sent


class Subject(str):
    """The subject of an event."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        """Describes all subjects as an enum."""
        subjects = [kinds.subject for kinds in EventKind.__subclasses__()]
        return one_of(cls, subjects, ref=ref_of(cls))


class TaskKind(Kind):
    """A kind of background task."""


class Scope(Kind):
    """The scope of a key: reading or writing one resource."""


modules(__name__)
