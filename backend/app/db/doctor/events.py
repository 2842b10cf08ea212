"""Checks of the log of events as a whole. Each feature has its own checks of its events."""

from typing import Any

from sqlalchemy import and_, or_, select, union_all

from app.db.doctor.check import Check
from app.db.models import metadata
from app.db.models.events import JOB, Event
from app.db.models.kinds import EventKind
from app.db.models.kinds.cleanings import CleaningEvent
from app.postgres.statements import col


def _without_subject(kinds: type[EventKind]) -> Any:
    """Events about a missing row. Its key ends with its id; an event has that of a job, too."""
    *belongs, key = metadata.tables[kinds.table].primary_key
    of_job = (it == JOB for it in belongs if it.name == "cleaning_id")
    here = and_(key == Event.subject_id, *of_job)
    return (
        select(col(Event.id))
        .outerjoin(key.table, here)
        .where(col(Event.subject) == kinds.subject, key.is_(None))
    )


def _of_other_jobs() -> Any:
    return select(col(Event.id)).where(
        col(Event.subject) == CleaningEvent.subject,
        col(Event.subject_id).is_distinct_from(col(Event.cleaning_id)),
    )


def _unknown() -> Any:
    known = (
        and_(col(Event.subject) == kinds.subject, col(Event.kind).in_(list(kinds)))
        for kinds in EventKind.__subclasses__()
    )
    return select(col(Event.id)).where(~or_(*known))


def _without_actor() -> Any:
    of_clock = (
        and_(col(Event.subject) == kinds.subject, col(Event.kind).in_(kinds.clock))
        for kinds in EventKind.__subclasses__()
        if kinds.clock
    )
    return select(col(Event.id)).where(col(Event.actor_id).is_(None), ~or_(*of_clock))


CHECKS = (
    Check(
        "events_with_actors",
        "Each event has an actor, but those of kinds that may have none.",
        _without_actor(),
    ),
    Check("events_kinds", "The kind of each event is known for its subject.", _unknown()),
    Check(
        "events_subjects",
        "The subject of each event exists.",
        union_all(*map(_without_subject, EventKind.__subclasses__()), _of_other_jobs()),
    ),
)
