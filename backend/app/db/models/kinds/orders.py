"""Kinds that belong to orders."""

from app.db.models.kinds import EventKind, Scope


class OrderEvent(EventKind, subject="order", clock=("expired",)):
    """Events of an order."""

    PLACED = "placed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OrderScope(Scope):
    """Scopes of orders."""

    READ = "read:orders"
    WRITE = "write:orders"
