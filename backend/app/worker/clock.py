"""The clock of the worker: does to jobs and bookings what their times demand."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from app.core.errors import MarketplaceError
from app.db.engine import Database, Transaction
from app.services.clock import ClockService

logger = logging.getLogger(__name__)


class Step(StrEnum):
    """What the clock does."""

    JOB_EXPIRED = "job_expired"
    BOOKING_COMPLETED = "booking_completed"
    BOOKING_CANCELLED = "booking_cancelled"


STEPS: Mapping[Step, Callable[[ClockService], Awaitable[int]]] = {
    Step.JOB_EXPIRED: ClockService.expire_overdue,
    Step.BOOKING_COMPLETED: ClockService.complete_reported,
    Step.BOOKING_CANCELLED: ClockService.cancel_forgotten,
}


class Clock:
    """Does what is due, in transactions of a few jobs each.

    Args:
        database: Where the jobs and bookings are.

    Attributes:
        done: How often each step was done.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.done = Counter(dict.fromkeys(Step, 0))

    async def tick(self) -> None:
        """Does all that is due now. A step that fails is logged, and tried at the next tick."""
        for step in STEPS:
            try:
                while number := await self._take(step):
                    self.done[step] += number
            except MarketplaceError as error:
                logger.warning("The clock can't do %s: %r", step, error.__cause__ or error)

    async def _take(self, step: Step) -> int:
        async def work(transaction: Transaction) -> int:
            return await STEPS[step](ClockService(transaction))

        return await self._database.run(work)
