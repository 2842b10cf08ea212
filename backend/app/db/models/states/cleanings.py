"""The states of jobs, and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

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


class CleaningHidden(Conflict):
    code = "cleaning_hidden"
    detail = "Staff has hidden the job. It can't be booked."


class CleaningExpired(Conflict):
    code = "cleaning_expired"
    detail = "The start of the job has passed. Its owner can reopen it with a new start."

    def __init__(self) -> None:
        super().__init__(state=CleaningStatus.EXPIRED, allowed=[CleaningStatus.OPEN])


OPEN, BOOKED, COMPLETED, CANCELLED, EXPIRED = CleaningStatus
FINAL = (COMPLETED, CANCELLED)
"""The states that no move leads out of."""


class CleaningMove:
    """The moves of a job."""

    EDIT = Move("edited", [OPEN], OPEN, CleaningNotOpen)
    ASK = Move("asked about", [OPEN], OPEN, CleaningNotOpen)
    OFFER = Move("offered on", [OPEN], OPEN, CleaningNotOpen)
    BOOK = Move("booked", [OPEN], BOOKED, CleaningNotOpen)
    REOPEN = Move("opened again", [BOOKED], OPEN, CleaningNotBooked)
    COMPLETE = Move("completed", [BOOKED], COMPLETED, CleaningNotBooked)
    CANCEL = Move("cancelled", [OPEN, BOOKED], CANCELLED, CleaningEnded)
    EXPIRE = Move("expired", [OPEN, BOOKED], EXPIRED, CleaningEnded)


def counted_in(values: Mapping[str, Any]) -> str | None:
    """The category that counts a job: that of an open one, unless it is deleted or hidden.

    Args:
        values: The values of the row of the job.
    """
    is_counted = (
        values["status"] is CleaningStatus.OPEN
        and values["deleted_at"] is None
        and values["hidden_at"] is None
    )
    return values["category"] if is_counted else None
