"""The conditions under which threads are closed, by the states of what they are about."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from app.db.models.bookings import Booking
from app.db.models.states.cleanings import FINAL, CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.db.models.states.orders import OrderStatus
from app.db.models.threads import OPEN_FOR, Closure
from app.db.repositories.orders import shown_status
from app.postgres.statements import col, inline

OF_ORDERS = {
    OrderStatus.DECLINED: Closure.DECLINED,
    OrderStatus.CANCELLED: Closure.CANCELLED,
    OrderStatus.EXPIRED: Closure.UNANSWERED,
}
"""Why the thread of an order that has no job is closed, by the state of the order."""


def closure(cleaning: Any, offer: Any) -> ColumnElement[Any]:
    """Why the thread of an offer is closed by the states of its job; null while it is open.

    Args:
        cleaning: The table class of the jobs, or columns of them.
        offer: The table class of the offers, or columns of them.
    """
    status = col(cleaning.status)
    is_expired = or_(
        status == inline(CleaningStatus.EXPIRED),
        and_(status == inline(CleaningStatus.OPEN), col(cleaning.starts_at) <= func.now()),
    )
    # Jobs that servers of the previous release have ended have no time of their end.
    ended_at = func.coalesce(col(cleaning.ended_at), col(cleaning.updated_at))
    has_ended = status.in_([inline(state) for state in FINAL])
    is_withdrawn = col(offer.status) == inline(OfferStatus.WITHDRAWN)
    is_hidden = or_(col(cleaning.hidden_at).is_not(None), col(offer.hidden_at).is_not(None))
    return case(
        (col(cleaning.deleted_at).is_not(None), inline(Closure.DELETED)),
        (is_expired, inline(Closure.EXPIRED)),
        (and_(has_ended, ended_at <= func.now() - OPEN_FOR), inline(Closure.ENDED)),
        (col(offer.status) == inline(OfferStatus.REJECTED), inline(Closure.REJECTED)),
        (and_(is_withdrawn, _has_no_booking(offer)), inline(Closure.WITHDRAWN)),
        # The two sides of a booking see a hidden job.
        (
            and_(is_hidden, col(offer.status) != inline(OfferStatus.ACCEPTED)),
            inline(Closure.HIDDEN),
        ),
    )


def _has_no_booking(offer: Any) -> ColumnElement[bool]:
    """Whether an offer was never accepted.

    The two sides of a booking that the cleaner has cancelled can write to each other, as they can
    after a cancellation by the owner.
    """
    booking = aliased(Booking)
    # An EXISTS might be answered by reading all bookings.
    found = (
        select(col(booking.id))
        .where(col(booking.cleaning_id) == offer.cleaning_id, col(booking.offer_id) == offer.id)
        .limit(inline(1))
        .correlate_except(booking)
        .scalar_subquery()
    )
    return found.is_(None)


def order_closure(order: Any) -> ColumnElement[Any]:
    """Why the thread of an order that has no job is closed; null while it is open.

    Args:
        order: The table class of the orders, or columns of them.
    """
    reasons = {inline(status): inline(reason) for status, reason in OF_ORDERS.items()}
    return case(reasons, value=shown_status(order))
