"""Kinds that belong to bookings."""

from app.db.models.kinds import EventKind, Scope


class BookingEvent(EventKind, subject="booking", clock=("cancelled",)):
    """Events of a booking."""

    REPORTED = "reported"
    CANCELLED = "cancelled"
    MISSED = "missed"
    TICKED = "ticked"
    UNTICKED = "unticked"


class BookingScope(Scope):
    """Scopes of bookings."""

    READ = "read:bookings"
    WRITE = "write:bookings"
