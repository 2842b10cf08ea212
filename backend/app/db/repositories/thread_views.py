"""How threads and their messages look to the caller."""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, and_, case, false, func, join, select, true, union_all
from sqlalchemy.orm import aliased

from app.db.models.cleanings import Cleaning
from app.db.models.messages import Message, MessagePublic, MessageVersion
from app.db.models.offers import Offer
from app.db.models.order_shapes import Party
from app.db.models.orders import Order
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.db.models.states.orders import OrderStatus
from app.db.models.threads import Closure, LastMessage, ThreadPublic
from app.db.models.uploads import OF_MESSAGE, Upload, UploadState
from app.db.repositories.base import CALLER_ID, CLEANING_ID, json_array, json_object
from app.db.repositories.orders import order_summary
from app.db.repositories.person_views import Person
from app.db.repositories.photo_views import IS_SHOWN, photo_json
from app.db.repositories.thread_closures import closure, order_closure
from app.db.repositories.views import CleaningView, visible_summary
from app.postgres.statements import Rows, argument, col, inline

OF_ORDER = aliased(Order)
CLEANER_ID: ColumnElement[Any] = func.coalesce(
    argument("cleaner_id", Uuid()),
    select(col(OF_ORDER.cleaner_id)).where(col(OF_ORDER.id) == CLEANING_ID).scalar_subquery(),
)
"""The cleaner of a thread; that of the order, if none is given."""
LONGEST_EXCERPT = 200
"""The number of characters of a message that a list of threads shows."""


def offer_sides(cleaning_id: ColumnElement[Any], cleaner_id: ColumnElement[Any]) -> Rows:
    """Selects the `Sides` of the thread of a job.

    Args:
        cleaning_id: The job.
        cleaner_id: The cleaner, who has made an offer for it.
    """
    is_accepted = col(Offer.status) == inline(OfferStatus.ACCEPTED)
    is_booked = col(Cleaning.status) == inline(CleaningStatus.BOOKED)
    return (
        select(
            col(Offer.cleaning_id),
            col(Cleaning.owner_id),
            col(Offer.cleaner_id),
            closure(Cleaning, Offer).label("closure"),
            is_accepted.label("booked"),
            and_(is_accepted, is_booked).label("under_way"),
            false().label("ordered"),
        )
        .select_from(join(Offer, Cleaning))
        .where(col(Offer.cleaning_id) == cleaning_id, col(Offer.cleaner_id) == cleaner_id)
    )


def order_sides(order_id: ColumnElement[Any], cleaner_id: ColumnElement[Any]) -> Rows:
    """Selects the `Sides` of the thread of an order that has no job.

    Args:
        order_id: The order.
        cleaner_id: The cleaner, who sells its packages.
    """
    return select(
        col(Order.id).label("cleaning_id"),
        col(Order.customer_id).label("owner_id"),
        col(Order.cleaner_id),
        order_closure(Order).label("closure"),
        false().label("booked"),
        false().label("under_way"),
        true().label("ordered"),
    ).where(
        col(Order.id) == order_id,
        col(Order.cleaner_id) == cleaner_id,
        col(Order.status) != inline(OrderStatus.ACCEPTED),
    )


def both_sides(cleaning_id: ColumnElement[Any], cleaner_id: ColumnElement[Any]) -> Any:
    """The `Sides` of a thread, as a subquery.

    Args:
        cleaning_id: The job, or the order.
        cleaner_id: The cleaner.
    """
    given = cleaning_id, cleaner_id
    return union_all(offer_sides(*given), order_sides(*given)).subquery("parties")


def is_gone(user: Any) -> ColumnElement[bool]:
    """Whether the account of a user was deleted or is blocked."""
    return func.coalesce(col(user.deleted_at), col(user.blocked_at)).is_not(None)


def closed(parties: Any, other: Any) -> ColumnElement[Any]:
    """Why no message can be sent in a thread; null while it is open.

    Args:
        parties: The columns of `both_sides`.
        other: The account of the side that is not the caller.
    """
    return case((is_gone(other), inline(Closure.ACCOUNT_CLOSED)), else_=parties.closure)


def other_side(parties: Any) -> ColumnElement[Any]:
    """The side of a thread that is not the caller.

    Args:
        parties: The columns of `both_sides`.
    """
    return case((parties.owner_id == CALLER_ID, parties.cleaner_id), else_=parties.owner_id)


def is_side(parties: Any) -> ColumnElement[bool]:
    """Whether the caller is a side of a thread.

    Args:
        parties: The columns of `both_sides`.
    """
    return CALLER_ID.in_([parties.owner_id, parties.cleaner_id])


def visible_thread(cleaning_id: ColumnElement[Any], cleaner_id: ColumnElement[Any]) -> Rows:
    """Selects the job, or the order, of a thread, if the caller is a side of the thread."""
    parties = both_sides(cleaning_id, cleaner_id)
    return select(parties.c.cleaning_id).where(is_side(parties.c))


class ThreadView:
    """A thread, to be shown with the other side.

    Args:
        parties: The columns of `both_sides`.
        thread: The table class of the threads, or columns of them; all null before the first
            message.
    """

    def __init__(self, parties: Any, thread: Any) -> None:
        self._parties, self._thread = parties, thread
        self.other = Person(other_side(parties))

    @property
    def json(self) -> ColumnElement[Any]:
        """The thread as JSON."""
        thread, parties = self._thread, self._parties
        is_owner = parties.owner_id == CALLER_ID
        read_mark = case((is_owner, col(thread.owner_read)), else_=col(thread.cleaner_read))
        unread = case((is_owner, col(thread.owner_unread)), else_=col(thread.cleaner_unread))
        return json_object(
            ThreadPublic,
            id=col(thread.id),
            cleaning_id=parties.cleaning_id,
            cleaner_id=parties.cleaner_id,
            role=case((is_owner, inline(Party.CUSTOMER)), else_=inline(Party.CLEANER)),
            other=self.other.json,
            cleaning=self._cleaning,
            order=order_summary(parties.cleaning_id),
            closed=closed(parties, self.other.user),
            messages=func.coalesce(col(thread.messages), inline(0)),
            read_mark=func.coalesce(read_mark, inline(0)),
            unread=func.coalesce(unread, inline(0)),
            last_message=self._last_message,
        )

    @property
    def _cleaning(self) -> ColumnElement[Any]:
        job = CleaningView()
        return (
            select(visible_summary(Cleaning))
            .select_from(job.owner.joined(Cleaning))
            .where(col(Cleaning.id) == self._parties.cleaning_id, job.visible)
            .scalar_subquery()
        )

    @property
    def _last_message(self) -> ColumnElement[Any]:
        item = json_object(
            LastMessage, Message, excerpt=func.left(col(Message.text), inline(LONGEST_EXCERPT))
        )
        return (
            select(item)
            .where(
                col(Message.cleaning_id) == self._thread.cleaning_id,
                col(Message.cleaner_id) == self._thread.cleaner_id,
                col(Message.number) == self._thread.messages,
            )
            .scalar_subquery()
        )


def message_photos() -> ColumnElement[Any]:
    """The photos of a message as JSON, in their order."""
    return (
        select(json_array(photo_json(), col(Upload.place)))
        .where(OF_MESSAGE, IS_SHOWN)
        .correlate(Message)
        .scalar_subquery()
    )


def pending_photos() -> ColumnElement[int]:
    """The number of the photos of a message that are not ready yet."""
    return (
        select(func.count())
        .select_from(Upload)
        .where(OF_MESSAGE, col(Upload.state) == inline(UploadState.PROCESSING))
        .correlate(Message)
        .scalar_subquery()
    )


def earlier_texts() -> ColumnElement[Any]:
    """The texts of the earlier versions of a message as JSON, the oldest one first."""
    return (
        select(json_array(col(MessageVersion.text), col(MessageVersion.number)))
        .where(
            col(MessageVersion.cleaning_id) == Message.cleaning_id,
            col(MessageVersion.cleaner_id) == Message.cleaner_id,
            col(MessageVersion.message) == Message.number,
        )
        .scalar_subquery()
    )


def message_json() -> ColumnElement[Any]:
    """A message as JSON."""
    is_own = col(Message.sender_id) == CALLER_ID
    warnings = case((is_own, func.to_json(col(Message.contacts))), else_=func.json_build_array())
    return json_object(
        MessagePublic,
        Message,
        warnings=warnings,
        photos=message_photos(),
        pending_photos=pending_photos(),
    )
