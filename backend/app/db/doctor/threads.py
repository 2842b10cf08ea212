"""Checks of threads."""

from typing import Any

from sqlalchemy import and_, func, or_, select

from app.db.doctor.check import Check
from app.db.models.cleanings import Cleaning
from app.db.models.messages import Message
from app.db.models.offers import Offer
from app.db.models.orders import Order
from app.db.models.states.cleanings import FINAL, CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.db.models.threads import OPEN_FOR, Thread
from app.postgres.statements import col

OF_THREAD = and_(
    col(Message.cleaning_id) == Thread.cleaning_id, col(Message.cleaner_id) == Thread.cleaner_id
)
OFFERS = and_(
    col(Offer.cleaning_id) == Thread.cleaning_id, col(Offer.cleaner_id) == Thread.cleaner_id
)


def _of_strangers() -> Any:
    """Threads of others than the owner of a job, or the customer of an order."""
    owner_id = func.coalesce(col(Cleaning.owner_id), col(Order.customer_id))
    return (
        select(col(Thread.id))
        .outerjoin(Cleaning, col(Cleaning.id) == Thread.cleaning_id)
        .outerjoin(Order, col(Order.id) == Thread.cleaning_id)
        .where(owner_id.is_distinct_from(Thread.owner_id))
    )


def _miscounted() -> Any:
    """Threads with other numbers of messages, or of unread ones, than those that are stored."""

    def unread(user_id: Any, read_mark: Any) -> Any:
        return func.count().filter(
            col(Message.sender_id) != user_id, col(Message.number) > read_mark
        )

    return (
        select(col(Thread.id))
        .outerjoin(Message, OF_THREAD)
        .group_by(col(Thread.cleaning_id), col(Thread.id))
        .having(
            or_(
                func.count(col(Message.number)) != Thread.messages,
                func.coalesce(func.max(col(Message.number)), 0) != Thread.messages,
                col(Thread.owner_unread) != unread(Thread.owner_id, Thread.owner_read),
                col(Thread.cleaner_unread) != unread(Thread.cleaner_id, Thread.cleaner_read),
            )
        )
    )


def _sent_too_late() -> Any:
    """Messages that were sent when their thread was closed."""
    ended_at = func.coalesce(col(Cleaning.ended_at), col(Cleaning.updated_at))
    has_ended = col(Cleaning.status).in_(FINAL)
    is_closed = col(Offer.status).in_([OfferStatus.REJECTED, OfferStatus.WITHDRAWN])
    sent_at = col(Message.created_at)
    return (
        select(col(Thread.id))
        .join(Message, OF_THREAD)
        .outerjoin(Cleaning, col(Cleaning.id) == Thread.cleaning_id)
        .outerjoin(Offer, OFFERS)
        .outerjoin(Order, and_(col(Order.id) == Thread.cleaning_id, col(Cleaning.id).is_(None)))
        .where(
            or_(
                sent_at > Order.closed_at,
                sent_at > Cleaning.deleted_at,
                and_(has_ended, sent_at > ended_at + OPEN_FOR),
                and_(col(Cleaning.status) == CleaningStatus.EXPIRED, sent_at > Cleaning.updated_at),
                and_(is_closed, sent_at > Offer.updated_at),
            )
        )
    )


CHECKS = (
    Check(
        "threads_of_owners",
        "A thread belongs to the owner of its job, or to the customer of its order.",
        _of_strangers(),
    ),
    Check(
        "threads_counted",
        "A thread has the numbers of its messages, without gaps, and of those that are unread.",
        _miscounted(),
    ),
    Check(
        "threads_closed",
        "No message is sent in a closed thread.",
        _sent_too_late(),
    ),
)
