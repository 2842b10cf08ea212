"""Checks of readings of threads by staff."""

from typing import Any

from sqlalchemy import Text, and_, case, cast, select

from app.db.doctor.check import Check
from app.db.doctor.log import differing, told
from app.db.models.events import JOB, Event
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.thread_readings import ThreadReading
from app.db.models.threads import Thread
from app.postgres.statements import col

OF_THREAD = and_(
    col(Thread.cleaning_id) == ThreadReading.cleaning_id,
    col(Thread.cleaner_id) == ThreadReading.cleaner_id,
)


def _of_no_thread() -> Any:
    """Readings of a thread that does not exist, or belongs to another owner."""
    return (
        select(col(ThreadReading.id))
        .outerjoin(Thread, OF_THREAD)
        .where(col(Thread.owner_id).is_distinct_from(ThreadReading.owner_id))
    )


def _untold() -> Any:
    """Differences between the events and the readings."""
    log = told(ThreadEvent.READ_BY_STAFF, ThreadEvent.READ_FOR_REPORT)
    subject, kind, _, actor = log.selected_columns
    reason = col(Event.payload)["reason"].astext
    kinds = case(
        (col(ThreadReading.report_id).is_(None), ThreadEvent.READ_BY_STAFF),
        else_=ThreadEvent.READ_FOR_REPORT,
    )
    happened = select(
        col(Thread.id),
        cast(kinds, Text),
        *(col(Thread.cleaning_id), col(ThreadReading.staff_id), col(ThreadReading.reason)),
    ).join_from(ThreadReading, Thread, OF_THREAD)
    return differing(log.with_only_columns(subject, kind, JOB, actor, reason), happened)


CHECKS = (
    Check(
        "thread_readings_of_threads",
        "Staff reads threads that exist, and their sides are told.",
        _of_no_thread(),
    ),
    Check(
        "events_of_thread_readings",
        "Each reading of a thread by staff has an event, by the member of staff.",
        _untold(),
    ),
)
