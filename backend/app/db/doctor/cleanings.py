"""Checks of jobs and their revisions."""

from typing import Any

from sqlalchemy import func, select, true, union_all

from app.db.doctor.check import Check
from app.db.doctor.log import actors, differing, happened, told
from app.db.doctor.revisions import Revisions
from app.db.doctor.words import WordsCheck
from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.states.bookings import BookingStatus
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.terms import CleaningRevision, complete
from app.postgres.statements import col

LIVE = (BookingStatus.SCHEDULED, BookingStatus.COMPLETED)
"""The states of a booking in which its offer is accepted."""

REVISIONS = Revisions(
    Cleaning,
    number=Cleaning.terms_revision,
    owner=Cleaning.owner_id,
    revision=CleaningRevision,
    belongs=CleaningRevision.cleaning_id,
    terms=complete(col(CleaningRevision.terms)),
)


def _bookings(*statuses: BookingStatus) -> Any:
    """The number of bookings by job, counted in a join, which is fast for any number."""
    return (
        select(col(Booking.cleaning_id), func.count().label("total"))
        .where(col(Booking.status).in_(statuses))
        .group_by(col(Booking.cleaning_id))
        .subquery()
    )


def _in_state(cleaning: CleaningStatus, booking: BookingStatus) -> Any:
    """Jobs in a state without a booking in the corresponding state, and the reverse."""
    booked = _bookings(booking)
    return (
        select(col(Cleaning.id))
        .outerjoin(booked, booked.c.cleaning_id == Cleaning.id)
        .where((col(Cleaning.status) == cleaning) != booked.c.total.is_not(None))
    )


def _booked_twice() -> Any:
    live = _bookings(*LIVE)
    return select(live.c.cleaning_id).where(live.c.total > 1)


def _deleted() -> Any:
    booked = _bookings(*BookingStatus)
    return (
        select(col(Cleaning.id))
        .join(booked, booked.c.cleaning_id == Cleaning.id)
        .where(col(Cleaning.deleted_at).is_not(None))
    )


def _changes() -> Any:
    """Creations, edits and deletions of jobs. Those that come from orders are not posted."""
    edits = func.generate_series(2, Cleaning.terms_revision).table_valued("revision")

    def happened_to_job(kind: CleaningEvent) -> Any:
        return happened(Cleaning, kind, Cleaning.id, Cleaning.owner_id)

    return union_all(
        happened_to_job(CleaningEvent.CREATED).where(col(Cleaning.ordered).is_(False)),
        happened_to_job(CleaningEvent.EDITED).join(edits, true()),
        happened_to_job(CleaningEvent.DELETED).where(col(Cleaning.deleted_at).is_not(None)),
    )


CHECKS = (
    Check(
        "cleanings_booked_once",
        "A job has at most one booking that is scheduled or completed.",
        _booked_twice(),
    ),
    Check(
        "cleanings_booked",
        "A job is booked exactly while it has a scheduled booking.",
        _in_state(CleaningStatus.BOOKED, BookingStatus.SCHEDULED),
    ),
    Check(
        "cleanings_completed",
        "A job is completed exactly if it has a completed booking.",
        _in_state(CleaningStatus.COMPLETED, BookingStatus.COMPLETED),
    ),
    WordsCheck(
        Cleaning,
        "terms_revision",
        "cleanings_words",
        "The search vector of a job is that of its name and description in its language.",
    ),
    Check(
        "cleanings_expired",
        "The start of an expired job has passed.",
        select(col(Cleaning.id)).where(
            col(Cleaning.status) == CleaningStatus.EXPIRED,
            func.coalesce(col(Cleaning.starts_at) > func.clock_timestamp(), True),
        ),
    ),
    Check("cleanings_deleted", "A job that was ever booked is not deleted.", _deleted()),
    Check(
        "revisions_gapless",
        "The revisions of a job are numbered without gaps.",
        REVISIONS.with_gaps(),
    ),
    Check(
        "revisions_differ",
        "Each revision of a job differs from the previous one.",
        REVISIONS.without_change(),
    ),
    Check(
        "revisions_by_owner",
        "The revisions of a job are made by its owner.",
        REVISIONS.by_others(),
    ),
    Check(
        "events_of_cleanings",
        "Each creation, edit and deletion of a job has one event, and the reverse.",
        differing(
            told(CleaningEvent.CREATED, CleaningEvent.EDITED, CleaningEvent.DELETED), _changes()
        ),
    ),
    actors(
        "cleanings_actors",
        "Jobs are cancelled and completed by their owners.",
        {
            CleaningEvent.CANCELLED: Cleaning.owner_id,
            CleaningEvent.COMPLETED: Cleaning.owner_id,
        },
    ),
)
