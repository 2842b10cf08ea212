"""Checks of orders, their items, and the stocks that they are taken from."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    outerjoin,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.db.doctor.check import Check
from app.db.doctor.log import differing, told
from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event
from app.db.models.kinds.orders import OrderEvent
from app.db.models.offers import Offer
from app.db.models.order_items import MOST_ITEMS, OrderItem
from app.db.models.orders import Order
from app.db.models.packages import Package
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.orders import OrderStatus
from app.postgres.statements import col

STATUS = col(Order.status)
TAKES = (OrderStatus.PLACED, OrderStatus.ACCEPTED)
"""The states in which the pieces of an order are taken out of the stocks."""


def _miscounted() -> Any:
    """Packages whose stock and ordered pieces are not all that was put in."""
    taken = (
        select(col(OrderItem.package_id), func.sum(col(OrderItem.quantity)).label("pieces"))
        .join(Order, col(Order.id) == OrderItem.order_id)
        .where(STATUS.in_(TAKES))
        .group_by(col(OrderItem.package_id))
        .subquery()
    )
    pieces = func.coalesce(taken.c.pieces, 0)
    return (
        select(col(Package.id))
        .outerjoin(taken, taken.c.package_id == Package.id)
        .where(
            col(Package.stock).is_not(None),
            cast(col(Package.stock), BigInteger) + pieces != col(Package.offered),
        )
    )


def _misadded() -> Any:
    """Orders whose total is not that of their items, or that have too few or too many."""
    added = (
        select(
            col(OrderItem.order_id),
            func.count().label("number"),
            func.max(col(OrderItem.place)).label("last"),
            func.sum(col(OrderItem.price) * col(OrderItem.quantity)).label("total"),
        )
        .group_by(col(OrderItem.order_id))
        .subquery()
    )
    return (
        select(col(Order.id))
        .outerjoin(added, added.c.order_id == Order.id)
        .where(
            or_(
                added.c.total.is_distinct_from(Order.total),
                added.c.number > MOST_ITEMS,
                added.c.number != added.c.last,
            )
        )
    )


def _of_others() -> Any:
    """Orders with an item of no package of their cleaner, or of a revision that does not exist."""
    return (
        select(col(Order.id))
        .join(OrderItem, col(OrderItem.order_id) == Order.id)
        .outerjoin(Package, col(Package.id) == OrderItem.package_id)
        .where(
            or_(
                col(Package.seller_id).is_distinct_from(Order.cleaner_id),
                col(OrderItem.revision) > Package.revision,
            )
        )
    )


def _without_agreement() -> Any:
    """Orders that are accepted without a job and an agreement of the same content, and the reverse.

    An order has one offer and one booking, ever.
    """
    jobs = select(Cleaning).where(col(Cleaning.ordered)).subquery()
    job = aliased(Cleaning, jobs)
    is_accepted = func.coalesce(STATUS == OrderStatus.ACCEPTED, false())
    differs = or_(
        col(job.owner_id).is_distinct_from(Order.customer_id),
        col(Offer.cleaner_id).is_distinct_from(Order.cleaner_id),
        col(Booking.offer_id).is_distinct_from(Offer.id),
        col(Booking.price).is_distinct_from(Order.total),
        col(Booking.currency).is_distinct_from(Order.currency),
    )
    return (
        select(func.coalesce(col(Order.id), col(job.id)))
        .select_from(outerjoin(Order, job, col(job.id) == Order.id, full=True))
        .outerjoin(Offer, col(Offer.cleaning_id) == job.id)
        .outerjoin(Booking, col(Booking.cleaning_id) == job.id)
        .where(
            or_(
                is_accepted != col(job.id).is_not(None),
                and_(col(job.id).is_not(None), differs),
            )
        )
    )


def _events() -> Any:
    """The placing and the end of each order."""
    no_job = cast(null(), col(Event.cleaning_id).type)
    no_actor = cast(null(), col(Event.actor_id).type)
    closed_by = case(
        (STATUS == OrderStatus.EXPIRED, no_actor),
        (STATUS == OrderStatus.CANCELLED, col(Order.customer_id)),
        else_=col(Order.cleaner_id),
    )
    return union_all(
        select(
            *(col(Order.id), cast(literal(OrderEvent.PLACED), Text), no_job),
            col(Order.customer_id),
        ),
        select(col(Order.id), cast(STATUS, Text), no_job, closed_by).where(
            STATUS != OrderStatus.PLACED
        ),
    )


CHECKS = (
    Check(
        "orders_stock",
        "The stock of a package and the pieces that are ordered are all that was put in.",
        _miscounted(),
    ),
    Check("orders_total", "The total of an order is that of its items.", _misadded()),
    Check("orders_packages", "The items of an order are packages of its cleaner.", _of_others()),
    Check(
        "orders_booked",
        "An order is accepted exactly if it has a job, with its two sides and its total.",
        _without_agreement(),
    ),
    Check(
        "orders_never_open",
        "The job of an order is never open, and in no state that an open job leads to.",
        select(col(Cleaning.id)).where(
            col(Cleaning.ordered),
            col(Cleaning.status).in_([CleaningStatus.OPEN, CleaningStatus.EXPIRED]),
        ),
    ),
    Check(
        "orders_expired",
        "An order expires when its time for an answer is over.",
        select(col(Order.id)).where(
            STATUS == OrderStatus.EXPIRED,
            or_(
                col(Order.expires_at) > func.clock_timestamp(),
                col(Order.closed_at) != col(Order.expires_at),
            ),
        ),
    ),
    Check(
        "events_of_orders",
        "The placing and the end of each order have one event each, and the reverse.",
        differing(told(*OrderEvent), _events()),
    ),
)
