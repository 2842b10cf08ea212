"""The states of bookings, and the moves between them."""

from enum import StrEnum

from app.core.errors import IllegalMove
from app.db.models.states.moves import Move


class BookingStatus(StrEnum):
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class BookingNotScheduled(IllegalMove):
    code = "booking_not_scheduled"
    detail = "The booking has ended."
    thing = "booking"


SCHEDULED, COMPLETED, CANCELLED, NO_SHOW = BookingStatus


class BookingMove:
    """The moves of a booking."""

    TICK = Move("ticked off", [SCHEDULED], SCHEDULED, BookingNotScheduled)
    REPORT = Move("reported", [SCHEDULED], SCHEDULED, BookingNotScheduled)
    COMPLETE = Move("completed", [SCHEDULED], COMPLETED, BookingNotScheduled)
    CANCEL = Move("cancelled", [SCHEDULED], CANCELLED, BookingNotScheduled)
    MISS = Move("marked as a no-show", [SCHEDULED], NO_SHOW, BookingNotScheduled)
