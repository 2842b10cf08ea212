"""Kinds that belong to bookings."""

from app.db.models.kinds import EventKind, Scope


class BookingEvent(EventKind, subject="booking"):
    """What happened to a booking."""

    REPORTED = "reported"
    CANCELLED = "cancelled"
    MISSED = "missed"


class BookingScope(Scope):
    """What a key may do with bookings."""

    READ = "read:bookings"
    WRITE = "write:bookings"
