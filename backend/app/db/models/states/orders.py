"""The states of orders, and the moves between them."""

from enum import StrEnum

from app.core.errors import IllegalMove
from app.db.models.states.moves import Move


class OrderStatus(StrEnum):
    PLACED = "placed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OrderNotPlaced(IllegalMove):
    code = "order_not_placed"
    detail = "The order was accepted or has ended."
    thing = "order"


PLACED, ACCEPTED, DECLINED, CANCELLED, EXPIRED = OrderStatus


class OrderMove:
    """The moves of an order."""

    ACCEPT = Move("accepted", [PLACED], ACCEPTED, OrderNotPlaced)
    DECLINE = Move("declined", [PLACED], DECLINED, OrderNotPlaced)
    CANCEL = Move("cancelled", [PLACED], CANCELLED, OrderNotPlaced)
    EXPIRE = Move("expired", [PLACED], EXPIRED, OrderNotPlaced)
