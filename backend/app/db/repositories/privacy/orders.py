"""Export and erasure of orders."""

from typing import Any

from sqlalchemy import ColumnElement, and_, join, null, or_
from sqlalchemy.orm import aliased

from app.db.models.order_shapes import Party
from app.db.models.orders import Order
from app.db.models.privacy.orders import OrderExport
from app.db.models.states.orders import OrderStatus
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.orders import items_of
from app.db.repositories.privacy import Part, Privacy, Section, changing
from app.postgres.statements import col, inline


def orders(party: Party, own_id: Any, other_id: Any, address: ColumnElement[Any]) -> Part:
    """The orders in which the caller is a party."""
    other = aliased(User)
    item = json_object(
        OrderExport,
        Order,
        role=inline(party),
        other_side=col(other.username),
        items=items_of(Order),
        address=address,
    )
    source = join(Order, other, col(other.id) == other_id)
    return Part(source, item, col(Order.id), col(own_id) == CALLER_ID)


def ended_by(person: Any, status: OrderStatus) -> Any:
    """The orders that the deleted account has ended with a reason."""
    return and_(
        col(person) == USER_ID, col(Order.status) == inline(status), col(Order.reason).is_not(None)
    )


SIDES = (
    orders(Party.CUSTOMER, Order.customer_id, Order.cleaner_id, col(Order.address)),
    orders(Party.CLEANER, Order.cleaner_id, Order.customer_id, null()),
)
REASONED = or_(
    ended_by(Order.customer_id, OrderStatus.CANCELLED),
    ended_by(Order.cleaner_id, OrderStatus.DECLINED),
)

PRIVACY = Privacy(
    export=(Section("orders", OrderExport, SIDES),),
    erase=(
        changing(
            Order,
            col(Order.customer_id) == USER_ID,
            area=null(),
            address=null(),
            note=null(),
        ),
        changing(Order, REASONED, reason=null()),
    ),
)
