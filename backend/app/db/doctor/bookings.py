"""What is promised of bookings."""

from typing import Any

from sqlalchemy import DateTime, Integer, Numeric, and_, exists, func, or_, select

from app.db.doctor.check import Check
from app.db.doctor.cleanings import LIVE
from app.db.models.bookings import UNREPORTED_FOR, Booking, CancelledBy
from app.db.models.cleanings import Cleaning
from app.db.models.offers import Offer
from app.db.models.terms import CleaningRevision
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
)
"""Whether a booking and its job differ in what stays when the owner's account is deleted."""

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
    """Live bookings; once one has ended, its offer may be renewed at another price."""
    differs = or_(col(Booking.price) != Offer.price, col(Booking.currency) != col(Offer.currency))
    return select(col(Booking.id)).join(Offer, OF_OFFER).where(IS_LIVE, differs)


def _about_something_else() -> Any:
    """Live bookings that say something else than the job, and ended ones that it never said."""
    was_said = exists().where(
        col(CleaningRevision.cleaning_id) == Booking.cleaning_id,
        col(CleaningRevision.terms) == col(Booking.terms),
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


CHECKS = (
    Check(
        "bookings_sides",
        "A booking is between the owner of the job and the cleaner of the offer.",
        _of_other_sides(),
    ),
    Check("bookings_price", "A booking costs what its offer says.", _at_other_prices()),
    Check(
        "bookings_terms",
        "A booking says what its job said when it was made.",
        _about_something_else(),
    ),
    Check(
        "bookings_reported",
        "The work of a booking is reported done from its start on.",
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
)
