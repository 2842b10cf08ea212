"""Comparison of the event log with the tables."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, and_, case, cast, except_all, literal, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from app.db.doctor.check import Check
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event
from app.db.models.kinds import EventKind
from app.postgres.statements import col


def differing(told: Any, happened: Any) -> Any:
    """The keys of events without a change, and of changes without an event.

    Args:
        told: Selects the content of the events, the key first.
        happened: Selects the same from the tables.
    """
    both = union_all(except_all(told, happened), except_all(happened, told)).subquery()
    key, *_ = both.c
    return select(key)


def told(*kinds: EventKind) -> Any:
    """The events of some kinds with the same subject: kind, subject, job and actor."""
    return select(
        *(col(Event.subject_id), col(Event.kind), col(Event.cleaning_id), col(Event.actor_id))
    ).where(col(Event.subject) == kinds[0].subject, col(Event.kind).in_(kinds))


def happened(model: Any, kind: EventKind, cleaning_id: Any, actor_id: Any) -> Any:
    """An event for each row of a table, as `told` selects it."""
    return select(model.id, cast(literal(kind), Text), cleaning_id, actor_id)


def last_of(*kinds: EventKind) -> Any:
    """The last event of some kinds with the same subject, by subject."""
    return (
        select(col(Event.cleaning_id), col(Event.subject_id), col(Event.kind))
        .where(col(Event.subject) == kinds[0].subject, col(Event.kind).in_(kinds))
        .ext(distinct_on(col(Event.cleaning_id), col(Event.subject_id)))
        .order_by(
            *(col(Event.cleaning_id), col(Event.subject_id)),
            *(col(Event.created_at).desc(), col(Event.id).desc()),
        )
        .subquery()
    )


def actors(name: str, promise: str, by: Mapping[EventKind, Any], model: Any = None) -> Check:
    """Checks that the actor of an event is the only user with the permission for the step.

    Args:
        name: The name of the check.
        promise: The subject of the check as a sentence.
        by: The column of that user by kind, of the event, its job, or its subject.
        model: The table class of the subject, if a column of it is that of the user.
    """
    kind, subjects = col(Event.kind), {it.subject for it in by}
    actor = case(*((kind == it, column) for it, column in by.items()))
    found = select(col(Event.id)).outerjoin(Cleaning, col(Cleaning.id) == Event.cleaning_id)
    if model:
        *belongs, key = model.__table__.primary_key
        of_job = (column == Event.cleaning_id for column in belongs)
        found = found.outerjoin(model, and_(key == Event.subject_id, *of_job))
    steps = (col(Event.subject).in_(subjects), kind.in_(by))
    return Check(name, promise, found.where(*steps, col(Event.actor_id) != actor))
