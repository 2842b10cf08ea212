"""What is promised of the log: each change has its event, and no event is without its change."""

from typing import Any

from sqlalchemy import (
    Text,
    and_,
    case,
    cast,
    except_all,
    func,
    literal,
    null,
    select,
    true,
    tuple_,
    union_all,
)

from app.db.doctor.check import Check
from app.db.doctor.history import HISTORY
from app.db.models.bookings import Booking, BookingStatus, CancelledBy
from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Evaluation
from app.db.models.events import Event, EventKind, Subject
from app.db.models.offers import Offer
from app.db.models.users import User
from app.postgres.statements import col

ENDS = {
    BookingStatus.COMPLETED: EventKind.COMPLETED,
    BookingStatus.CANCELLED: EventKind.CANCELLED,
    BookingStatus.NO_SHOW: EventKind.MISSED,
}
"""What tells of the end of a booking."""


def _differing(told: Any, happened: Any) -> Any:
    """The keys, which come first, of what was told but did not happen, or the other way round."""
    differing = union_all(except_all(told, happened), except_all(happened, told)).subquery()
    key, *_ = differing.c
    return select(key)


def _told(subject: Subject, *kinds: EventKind) -> Any:
    return select(
        *(col(Event.subject_id), col(Event.kind), col(Event.cleaning_id), col(Event.actor_id))
    ).where(col(Event.subject) == subject, col(Event.kind).in_(kinds))


def _happened(model: Any, kind: EventKind, cleaning_id: Any, actor_id: Any) -> Any:
    return select(model.id, cast(literal(kind), Text), cleaning_id, actor_id)


def _of_cleanings() -> Any:
    edits = func.generate_series(2, Cleaning.terms_revision).table_valued("revision")

    def happened(kind: EventKind) -> Any:
        return _happened(Cleaning, kind, Cleaning.id, Cleaning.owner_id)

    return _differing(
        _told(Subject.CLEANING, EventKind.CREATED, EventKind.EDITED, EventKind.DELETED),
        union_all(
            happened(EventKind.CREATED),
            happened(EventKind.EDITED).join(edits, true()),
            happened(EventKind.DELETED).where(col(Cleaning.deleted_at).is_not(None)),
        ),
    )


def _of_users() -> Any:
    def happened(kind: EventKind) -> Any:
        return _happened(User, kind, cast(null(), col(User.id).type), User.id)

    return _differing(
        _told(Subject.USER, EventKind.CREATED, EventKind.DELETED),
        union_all(
            happened(EventKind.CREATED),
            happened(EventKind.DELETED).where(col(User.deleted_at).is_not(None)),
        ),
    )


def _of_bookings() -> Any:
    """A job that is cancelled takes its booking with it, which has no event of its own then.

    That a booking was completed by its owner or by the clock is looked for elsewhere.
    """
    told = HISTORY.subquery()
    status, cancelled_by = col(Booking.status), col(Booking.cancelled_by)
    nobody = cast(null(), col(Event.actor_id).type)
    actor = case((told.c.kind == EventKind.COMPLETED, nobody), else_=told.c.actor_id)
    ended_by = case(
        (status == BookingStatus.COMPLETED, nobody),
        (cancelled_by == CancelledBy.CLOCK, nobody),
        (cancelled_by == CancelledBy.CLEANER, col(Booking.cleaner_id)),
        else_=col(Booking.owner_id),
    )
    booking = (col(Booking.cleaning_id), cast(col(Booking.id), Text))
    return _differing(
        select(*(told.c.cleaning_id, told.c.booking_id, told.c.kind, told.c.offer_id, actor)).where(
            told.c.booking_id.is_not(None)
        ),
        union_all(
            select(
                *booking,
                cast(literal(EventKind.BOOKED), Text),
                cast(col(Booking.offer_id), Text),
                col(Booking.owner_id),
            ),
            select(
                *booking, cast(case(ENDS, value=status), Text), cast(null(), Text), ended_by
            ).where(status != BookingStatus.SCHEDULED),
        ),
    )


def _about_nothing() -> Any:
    """Events of what belongs to a job, or is somebody's, that is not there."""
    belongs: dict[Subject, Any] = {
        Subject.OFFER: Offer,
        Subject.BOOKING: Booking,
        Subject.EVALUATION: Evaluation,
    }
    missing = [
        select(col(Event.id))
        .outerjoin(
            model,
            and_(col(model.cleaning_id) == Event.cleaning_id, col(model.id) == Event.subject_id),
        )
        .where(col(Event.subject) == subject, col(model.id).is_(None))
        for subject, model in belongs.items()
    ]
    somebody = col(Event.subject).in_([Subject.USER, Subject.PROFILE])
    return union_all(
        *missing,
        select(col(Event.id))
        .outerjoin(User, col(User.id) == Event.subject_id)
        .where(somebody, col(User.id).is_(None)),
        select(col(Event.id)).where(
            col(Event.subject) == Subject.CLEANING,
            col(Event.subject_id).is_distinct_from(Event.cleaning_id),
        ),
    )


def _reported() -> Any:
    """The reports of bookings; those of the cleaners."""
    return select(
        *(col(Booking.id), cast(literal(EventKind.REPORTED), Text)),
        *(col(Booking.cleaning_id), col(Booking.cleaner_id)),
    ).where(col(Booking.reported_at).is_not(None))


def _completed_unreported() -> Any:
    """Bookings that the clock has completed without a report."""
    return (
        select(col(Booking.id))
        .join(Event, col(Event.cleaning_id) == Booking.cleaning_id)
        .where(
            col(Event.actor_id).is_(None),
            col(Event.kind) == EventKind.COMPLETED,
            col(Booking.status) == BookingStatus.COMPLETED,
            col(Booking.reported_at).is_(None),
        )
    )


def _by_others() -> Any:
    """Events of steps that only one person can take, which name another as the actor."""
    of_offer = and_(col(Offer.cleaning_id) == Event.cleaning_id, col(Offer.id) == Event.subject_id)
    by = {
        (Subject.CLEANING, EventKind.CANCELLED): Cleaning.owner_id,
        (Subject.CLEANING, EventKind.COMPLETED): Cleaning.owner_id,
        (Subject.OFFER, EventKind.EDITED): Offer.cleaner_id,
        (Subject.OFFER, EventKind.RENEWED): Offer.cleaner_id,
        (Subject.OFFER, EventKind.WITHDRAWN): Offer.cleaner_id,
        (Subject.OFFER, EventKind.REJECTED): Cleaning.owner_id,
        (Subject.USER, EventKind.EDITED): Event.subject_id,
        (Subject.PROFILE, EventKind.EDITED): Event.subject_id,
    }
    step = tuple_(col(Event.subject), col(Event.kind))
    return (
        select(col(Event.id))
        .outerjoin(Cleaning, col(Cleaning.id) == Event.cleaning_id)
        .outerjoin(Offer, of_offer)
        .where(
            step.in_(list(by)),
            col(Event.actor_id)
            != case(*((step == tuple_(*key), actor) for key, actor in by.items())),
        )
    )


CHECKS = (
    Check(
        "events_of_cleanings",
        "Each posting, edit and deletion of a job has one event, and each such event its change.",
        _of_cleanings(),
    ),
    Check(
        "events_of_offers",
        "Each offer has one event for its making, and each such event its offer.",
        _differing(
            _told(Subject.OFFER, EventKind.CREATED),
            _happened(Offer, EventKind.CREATED, Offer.cleaning_id, Offer.cleaner_id),
        ),
    ),
    Check(
        "events_of_bookings",
        "Each making and each end of a booking has one event, and each such event its booking.",
        _of_bookings(),
    ),
    Check(
        "events_of_evaluations",
        "Each evaluation has one event for its making, and each such event its evaluation.",
        _differing(
            _told(Subject.EVALUATION, EventKind.CREATED),
            _happened(Evaluation, EventKind.CREATED, Evaluation.cleaning_id, Evaluation.author_id),
        ),
    ),
    Check(
        "events_of_users",
        "Each making and each deletion of an account has one event, and each event its account.",
        _of_users(),
    ),
    Check(
        "events_of_reports",
        "Each report that work is done has one event, and each such event its report.",
        _differing(_told(Subject.BOOKING, EventKind.REPORTED), _reported()),
    ),
    Check(
        "events_of_the_clock",
        "The clock completes only bookings whose work was reported done.",
        _completed_unreported(),
    ),
    Check("events_subjects", "What an event tells of is there.", _about_nothing()),
    Check("events_actors", "An event names as its actor who could do it.", _by_others()),
)
