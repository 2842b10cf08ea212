"""The states of jobs, and the moves between them."""

from enum import StrEnum

from app.core.errors import Conflict, IllegalMove
from app.db.models.states.moves import Move


class CleaningStatus(StrEnum):
    OPEN = "open"
    BOOKED = "booked"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class CleaningNotOpen(IllegalMove):
    code = "cleaning_not_open"
    detail = "The job is booked or has ended."
    thing = "job"


class CleaningNotBooked(IllegalMove):
    code = "cleaning_not_booked"
    detail = "The job is not booked."
    thing = "job"


class CleaningEnded(IllegalMove):
    code = "cleaning_ended"
    detail = "The job has ended."
    thing = "job"


class CleaningExpired(Conflict):
    code = "cleaning_expired"
    detail = "The start of the job has passed. Its owner can reopen it with a new start."

    def __init__(self) -> None:
        super().__init__(state=CleaningStatus.EXPIRED, allowed=[CleaningStatus.OPEN])


OPEN, BOOKED, COMPLETED, CANCELLED, EXPIRED = CleaningStatus


class CleaningMove:
    """The moves of a job."""

    EDIT = Move("edited", [OPEN], OPEN, CleaningNotOpen)
    OFFER = Move("offered on", [OPEN], OPEN, CleaningNotOpen)
    BOOK = Move("booked", [OPEN], BOOKED, CleaningNotOpen)
    REOPEN = Move("opened again", [BOOKED], OPEN, CleaningNotBooked)
    COMPLETE = Move("completed", [BOOKED], COMPLETED, CleaningNotBooked)
    CANCEL = Move("cancelled", [OPEN, BOOKED], CANCELLED, CleaningEnded)
    EXPIRE = Move("expired", [OPEN, BOOKED], EXPIRED, CleaningEnded)
