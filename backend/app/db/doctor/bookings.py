"""Checks of bookings."""

from typing import Any

from sqlalchemy import (
    DateTime,
    Integer,
    Numeric,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.db.doctor.check import Check
from app.db.doctor.cleanings import LIVE
from app.db.doctor.history import HISTORY
from app.db.doctor.log import differing, told
from app.db.models.bookings import UNREPORTED_FOR, Booking, CancelledBy
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.offers import Offer
from app.db.models.states.bookings import BookingStatus
from app.db.models.terms import CleaningRevision, complete
from app.db.models.users import User
from app.postgres.statements import col

OF_CLEANING = col(Cleaning.id) == Booking.cleaning_id
OF_OFFER = and_(col(Offer.cleaning_id) == Booking.cleaning_id, col(Offer.id) == Booking.offer_id)
IS_LIVE = col(Booking.status).in_(LIVE)
SAID: Any = col(Booking.terms)
STARTS_AT = SAID["starts_at"].astext.cast(DateTime(timezone=True))

FIGURES = or_(
    SAID["cleaning_type"].astext.is_distinct_from(Cleaning.cleaning_type),
    SAID["price"].astext.cast(Numeric).is_distinct_from(Cleaning.price),
    SAID["currency"].astext.is_distinct_from(Cleaning.currency),
    STARTS_AT.is_distinct_from(Cleaning.starts_at),
    SAID["duration"].astext.cast(Integer).is_distinct_from(Cleaning.duration),
    SAID["category"].astext.is_distinct_from(Cleaning.category),
    complete(SAID)["extras"].is_distinct_from(Cleaning.extras),
)
"""Whether a booking and its job differ in fields that survive the owner's account."""

WORDS = or_(
    *(
        SAID[name].astext.is_distinct_from(getattr(Cleaning, name))
        for name in ("name", "description", "area", "address")
    )
)


def _of_other_sides() -> Any:
    return (
        select(col(Booking.id))
        .outerjoin(Cleaning, OF_CLEANING)
        .outerjoin(Offer, OF_OFFER)
        .where(
            or_(
                col(Booking.owner_id).is_distinct_from(Cleaning.owner_id),
                col(Booking.cleaner_id).is_distinct_from(Offer.cleaner_id),
            )
        )
    )


def _at_other_prices() -> Any:
    """Live bookings at another price than their offer; offers of ended ones may be renewed."""
    differs = or_(col(Booking.price) != Offer.price, col(Booking.currency) != col(Offer.currency))
    return select(col(Booking.id)).join(Offer, OF_OFFER).where(IS_LIVE, differs)


def _about_something_else() -> Any:
    """Live bookings with other terms than the job, and ended ones with terms it never had."""
    was_said = exists().where(
        col(CleaningRevision.cleaning_id) == Booking.cleaning_id,
        complete(col(CleaningRevision.terms)) == complete(col(Booking.terms)),
    )
    has_owner = col(User.deleted_at).is_(None)
    return (
        select(col(Booking.id))
        .join(Cleaning, OF_CLEANING)
        .join(User, col(User.id) == Booking.owner_id)
        .where(
            or_(FIGURES, and_(has_owner, WORDS)),
            or_(IS_LIVE, and_(has_owner, ~was_said)),
        )
    )


def _reported_early() -> Any:
    return select(col(Booking.id)).where(col(Booking.reported_at) < STARTS_AT)


ENDS = {
    BookingStatus.COMPLETED: CleaningEvent.COMPLETED,
    BookingStatus.CANCELLED: BookingEvent.CANCELLED,
    BookingStatus.NO_SHOW: BookingEvent.MISSED,
}
"""The kinds of events of the end of a booking."""


def _of_bookings() -> Any:
    """The ends of bookings. That of a booking cancelled with its job is the event of the job.

    Completions are checked elsewhere.
    """
    steps = HISTORY.subquery()
    status, cancelled_by = col(Booking.status), col(Booking.cancelled_by)
    no_actor = cast(null(), col(Event.actor_id).type)
    actor = case((steps.c.kind == CleaningEvent.COMPLETED, no_actor), else_=steps.c.actor_id)
    ended_by = case(
        (status == BookingStatus.COMPLETED, no_actor),
        (cancelled_by == CancelledBy.CLOCK, no_actor),
        (cancelled_by == CancelledBy.CLEANER, col(Booking.cleaner_id)),
        else_=col(Booking.owner_id),
    )
    booking = (col(Booking.cleaning_id), cast(col(Booking.id), Text))
    booked_by = case((col(Cleaning.ordered), col(Booking.cleaner_id)), else_=col(Booking.owner_id))
    return differing(
        select(
            *(steps.c.cleaning_id, steps.c.booking_id, steps.c.kind, steps.c.offer_id, actor)
        ).where(steps.c.booking_id.is_not(None)),
        union_all(
            select(
                *booking,
                cast(literal(CleaningEvent.BOOKED), Text),
                cast(col(Booking.offer_id), Text),
                booked_by,
            ).outerjoin(Cleaning, OF_CLEANING),
            select(
                *booking, cast(case(ENDS, value=status), Text), cast(null(), Text), ended_by
            ).where(status != BookingStatus.SCHEDULED),
        ),
    )


def _reported() -> Any:
    """The completion reports of cleaners."""
    return select(
        *(col(Booking.id), cast(literal(BookingEvent.REPORTED), Text)),
        *(col(Booking.cleaning_id), col(Booking.cleaner_id)),
    ).where(col(Booking.reported_at).is_not(None))


def _completed_unreported() -> Any:
    """Bookings completed by the clock without a report."""
    return (
        select(col(Booking.id))
        .join(Event, col(Event.cleaning_id) == Booking.cleaning_id)
        .where(
            col(Event.actor_id).is_(None),
            col(Event.kind) == CleaningEvent.COMPLETED,
            col(Booking.status) == BookingStatus.COMPLETED,
            col(Booking.reported_at).is_(None),
        )
    )


CHECKS = (
    Check(
        "bookings_sides",
        "A booking is between the owner of the job and the cleaner of the offer.",
        _of_other_sides(),
    ),
    Check("bookings_price", "The price of a booking is that of its offer.", _at_other_prices()),
    Check(
        "bookings_terms",
        "The terms of a booking are those of its job at the time of the acceptance.",
        _about_something_else(),
    ),
    Check(
        "bookings_reported",
        "A completion report is not before the start of the booking.",
        _reported_early(),
    ),
    Check(
        "bookings_forgotten",
        "The clock cancels only bookings that were not reported, long after their start.",
        select(col(Booking.id)).where(
            col(Booking.cancelled_by) == CancelledBy.CLOCK,
            or_(
                col(Booking.reported_at).is_not(None),
                func.coalesce(col(Booking.ended_at) < STARTS_AT + UNREPORTED_FOR, True),
            ),
        ),
    ),
    Check(
        "events_of_bookings",
        "Each creation and each end of a booking has one event, and the reverse.",
        _of_bookings(),
    ),
    Check(
        "events_of_reports",
        "Each completion report has one event, and the reverse.",
        differing(told(BookingEvent.REPORTED), _reported()),
    ),
    Check(
        "events_of_the_clock",
        "The clock completes only reported bookings.",
        _completed_unreported(),
    ),
)
