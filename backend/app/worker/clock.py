"""The clock of the worker: processes deadlines of jobs, bookings, orders and second factors."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from app.core.clients import Client
from app.core.errors import MarketplaceError
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.services.clock import ClockService
from app.services.order_ends import OrderEnds
from app.services.removals import RemovalService

logger = logging.getLogger(__name__)


class Step(StrEnum):
    """The steps of the clock."""

    JOB_EXPIRED = "job_expired"
    BOOKING_COMPLETED = "booking_completed"
    BOOKING_CANCELLED = "booking_cancelled"
    ORDER_EXPIRED = "order_expired"
    SECOND_FACTOR_REMOVED = "second_factor_removed"


HERE = Client(ip=None, device=None, request_id="python -m app.worker")
"""The client of the worker in the audit."""

STEPS: Mapping[Step, Callable[[Transaction], Awaitable[int]]] = {
    Step.JOB_EXPIRED: lambda it: ClockService(it).expire_overdue(),
    Step.BOOKING_COMPLETED: lambda it: ClockService(it).complete_reported(),
    Step.BOOKING_CANCELLED: lambda it: ClockService(it).cancel_forgotten(),
    Step.ORDER_EXPIRED: lambda it: OrderEnds(it).expire_due(),
    Step.SECOND_FACTOR_REMOVED: lambda it: RemovalService(it, HERE).carry_out(),
}
"""The work of each step in a unit of work; it returns the number of objects it changed."""


class Clock:
    """Processes what is due, in transactions of a few objects each.

    Args:
        database: Where they are.

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
        return await self._database.run(STEPS[step])
