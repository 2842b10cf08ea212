"""The statements that lock jobs: only for callers who may change them."""

from sqlalchemy import (
    ColumnElement,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.offers import Offer
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.db.models.users import User
from app.db.repositories.base import (
    BOOKING_ID,
    CALLER_ID,
    CLEANING_ID,
    LIVE_SESSION,
    OFFER_ID,
    USER_ID,
)
from app.db.repositories.views import is_shared
from app.postgres.statements import col
from app.postgres.tables import RowQuery

OWN = col(Cleaning.owner_id) == CALLER_ID
OFFERED_ON = select(col(Offer.id)).where(
    col(Offer.cleaning_id) == CLEANING_ID,
    col(Offer.id) == OFFER_ID,
    col(Offer.cleaner_id) == CALLER_ID,
)
"""The offer, if the caller has made it."""
BOOKED_FOR = select(col(Booking.id)).where(
    col(Booking.cleaning_id) == CLEANING_ID,
    col(Booking.id) == BOOKING_ID,
    col(Booking.cleaner_id) == CALLER_ID,
)
"""The booking, if the caller is its cleaner."""


def lock(*conditions: ColumnElement[bool], owned: bool = False) -> RowQuery[Cleaning]:
    """Locks a job.

    Args:
        conditions: What must hold of it. A job of which it doesn't is not waited for either, so
            that the time of an answer tells nothing of jobs that the caller may not see.
        owned: Whether the conditions are about the owner's account, too.
    """
    found = select(Cleaning).where(
        col(Cleaning.id) == CLEANING_ID, col(Cleaning.deleted_at).is_(None), *conditions
    )
    if owned:
        found = found.join(User, col(User.id) == Cleaning.owner_id)
    return RowQuery(found.with_for_update(key_share=True, of=Cleaning))


def lock_with_caller() -> RowQuery[Cleaning]:
    """Locks the account of a caller whose session is live, and then a job that they find.

    The account is locked against blocks by others and of others, too.
    """
    owner = aliased(User)
    found = (
        select(Cleaning)
        .join(owner, col(owner.id) == Cleaning.owner_id)
        .where(
            col(Cleaning.id) == CLEANING_ID,
            col(Cleaning.deleted_at).is_(None),
            col(owner.blocked_at).is_(None),
            or_(col(Cleaning.hidden_at).is_(None), OWN),
            is_shared(Cleaning),
            *LIVE_SESSION,
        )
    )
    # SQLAlchemy has one locking clause per statement. PostgreSQL locks in the order of the clauses.
    return RowQuery(
        found.with_for_update(read=True, of=User).suffix_with(
            literal_column("FOR NO KEY UPDATE OF cleanings")
        )
    )


def lock_under_way() -> RowQuery[Cleaning]:
    """Locks the open jobs that a user has posted or has a pending offer for, by id."""
    posted = select(col(Cleaning.id)).where(col(Cleaning.owner_id) == USER_ID)
    offered = select(col(Offer.cleaning_id)).where(
        col(Offer.cleaner_id) == USER_ID, col(Offer.status) == OfferStatus.PENDING
    )
    return RowQuery(
        select(Cleaning)
        .where(
            col(Cleaning.id).in_(posted.union_all(offered)),
            col(Cleaning.status) == CleaningStatus.OPEN,
            col(Cleaning.deleted_at).is_(None),
        )
        .order_by(col(Cleaning.id))
        .with_for_update(key_share=True, of=Cleaning)
    )
