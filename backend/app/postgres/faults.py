"""The one map from what goes wrong with the database to what callers are told."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from enum import Enum, auto
from typing import TypeVar

import asyncpg
import structlog

from app.core.errors import Conflict, Invalid, MarketplaceError, Unavailable

Result = TypeVar("Result")

ATTEMPTS = 3
"""How often a unit of work is tried that loses races."""

FIRST_PAUSE = 0.05  # seconds until that is tried again whose connection was lost; then doubled,
LONGEST_PAUSE = 0.4  # up to this, since the service is to work soon after the database does
PATIENCE = 2.5  # seconds after which nothing is tried again

logger = structlog.get_logger(__name__)


class OutcomeUnknown(Unavailable):
    """The database went away when it was asked to commit, and may have done so or not."""

    code = "outcome_unknown"
    detail = (
        "The outcome of the request is unknown. Check the resource, or repeat the request with "
        "the same Idempotency-Key."
    )


class Contradiction(Conflict):
    """A constraint forbids it that no rule of the service has foreseen."""

    code = "contradiction"
    detail = "The request conflicts with the stored data. Read the resource again."


class Fault(Enum):
    """A reason for which something was not done, and which callers have no part in."""

    RACE = auto()
    """It came in the way of others: it may be tried again at once."""
    LOST = auto()
    """There is no connection, or not to a host that can do it: it may be tried again soon."""
    REFUSED = auto()
    """The database can't do it, or not in time: to try again would make it worse."""


FAULTS: Mapping[str, Fault] = {
    "08": Fault.LOST,  # the connection failed
    "25006": Fault.LOST,  # the host takes no writes: it is no primary, or no longer
    "25P03": Fault.LOST,  # ended, since the transaction has done nothing for too long
    "28": Fault.LOST,  # not let in
    "3D000": Fault.LOST,  # there is no such database
    "40001": Fault.RACE,  # serialization failure
    "40P01": Fault.RACE,  # deadlock
    "53300": Fault.LOST,  # too many connections
    "53": Fault.REFUSED,  # out of memory, of disk space
    "55P03": Fault.REFUSED,  # waited too long for a lock
    "57014": Fault.REFUSED,  # canceled, mostly since it took too long
    "57": Fault.LOST,  # shut down, crashed, starting up
    "58": Fault.REFUSED,  # the disk fails
}
"""What an SQLSTATE means: of those that it begins with, the longest counts."""

RACES = [state for state, fault in FAULTS.items() if fault is Fault.RACE]
CONTRADICTIONS = ("23503", "23505", "23P01")  # foreign key, unique, exclusion
NOT_STORABLE = ("22000", "22001", "22003", "22008", "22021", "22P05", "23")
"""Too long, out of range, not in the character set; and constraints, not null and checks, too."""

GONE = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises when nobody answers, or not what it understands."""


def fault_of(error: BaseException | None) -> Fault | None:
    """What an error of the driver means; None if the service itself is to blame."""
    if isinstance(error, asyncpg.InvalidCachedStatementError):  # a migration went by
        return Fault.RACE
    if isinstance(error, GONE):
        return Fault.LOST
    if not isinstance(error, asyncpg.PostgresError):
        return None
    state = error.sqlstate or ""
    beginnings = (state[:length] for length in range(len(state), 1, -1))
    return next((FAULTS[it] for it in beginnings if it in FAULTS), None)


def is_lost(error: BaseException) -> bool:
    """Says whether a connection is of no use after an error."""
    return isinstance(error, OutcomeUnknown) or fault_of(error) is Fault.LOST


def is_in_doubt(error: BaseException) -> bool:
    """Says whether something may have been committed, after an error of the commit."""
    return fault_of(error) is Fault.LOST or isinstance(error, asyncpg.QueryCanceledError)


def mistake_of(error: asyncpg.PostgresError) -> MarketplaceError | None:
    """What callers are told of a value that is not to be stored; None if it is not that.

    Rules of the service stand before each constraint. So one is missing, and that is logged.
    """
    state = error.sqlstate or ""
    if not state.startswith(NOT_STORABLE):
        return None
    logger.error("not_foreseen", exc_info=error, constraint=error.constraint_name)
    if state in CONTRADICTIONS:
        return Contradiction()
    return Invalid("Some of the input can't be stored.", field="")


class Translation(AbstractContextManager[None]):
    """Turns what the driver raises inside of a block into what callers are told."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Ends it.

        Raises:
            MarketplaceError: In place of an error of the driver.
        """
        if isinstance(error, (*GONE, asyncpg.PostgresError)):
            told = Unavailable() if fault_of(error) else mistake_of(error)
            if told is not None:
                raise told from error


translated = Translation()
"""It keeps nothing, so that one will do for all."""


async def persistently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Tries something again that was not done because of a lost race or a lost connection.

    Args:
        attempt: Does it, or nothing at all.

    Raises:
        Unavailable: Every attempt failed.
        OutcomeUnknown: An attempt may have done it.
    """
    deadline = time.monotonic() + PATIENCE
    races, pause = 1, FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except OutcomeUnknown:
            raise
        except Unavailable as error:
            fault = fault_of(error.__cause__)
            if fault is Fault.RACE and races < ATTEMPTS:
                races += 1
            elif fault is Fault.LOST and time.monotonic() + pause < deadline:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                raise
