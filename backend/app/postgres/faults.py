"""Errors of the driver: their translation to errors of the service, and which are retried."""

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
"""The maximum number of attempts of a unit of work that loses races."""

FIRST_PAUSE = 0.05  # seconds before the first retry after a lost connection; then doubled,
LONGEST_PAUSE = 0.4  # up to this, so that the service recovers soon after the database
PATIENCE = 2.5  # seconds after which nothing is retried

logger = structlog.get_logger(__name__)


class OutcomeUnknown(Unavailable):
    """The connection was lost during the commit: the transaction may or may not be committed."""

    code = "outcome_unknown"
    detail = (
        "The outcome of the request is unknown. Check the resource, or repeat the request with "
        "the same Idempotency-Key."
    )


class Contradiction(Conflict):
    """A constraint was violated that no rule of the service covers."""

    code = "contradiction"
    detail = "The request conflicts with the stored data. Read the resource again."


class Fault(Enum):
    """A reason for a failure that the caller has not caused."""

    RACE = auto()
    """Conflict with a concurrent transaction: retried at once."""
    LOST = auto()
    """No connection to a host that accepts writes: retried after a pause."""
    REFUSED = auto()
    """The database lacks resources or time: not retried, since that would add load."""


FAULTS: Mapping[str, Fault] = {
    "08": Fault.LOST,  # the connection failed
    "25006": Fault.LOST,  # read-only transaction: the host is not the primary, or no longer
    "25P03": Fault.LOST,  # idle in transaction for too long
    "28": Fault.LOST,  # authentication failed
    "3D000": Fault.LOST,  # no such database
    "40001": Fault.RACE,  # serialization failure
    "40P01": Fault.RACE,  # deadlock
    "53300": Fault.LOST,  # too many connections
    "53": Fault.REFUSED,  # out of memory, of disk space
    "55P03": Fault.REFUSED,  # lock timeout
    "57014": Fault.REFUSED,  # canceled, mostly by the statement timeout
    "57": Fault.LOST,  # shut down, crashed, starting up
    "58": Fault.REFUSED,  # system error, such as of the disk
}
"""The fault of each SQLSTATE or class of them; the longest prefix counts."""

RACES = [state for state, fault in FAULTS.items() if fault is Fault.RACE]
CONTRADICTIONS = ("23503", "23505", "23P01")  # foreign key, unique, exclusion
NOT_STORABLE = ("22000", "22001", "22003", "22008", "22021", "22P05", "23")
"""Too long, out of range, not in the character set; constraints, including NOT NULL and CHECK."""

GONE = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""Errors of the driver when the server does not respond, or violates the protocol."""


def fault_of(error: BaseException | None) -> Fault | None:
    """The fault behind an error of the driver; None if the service itself has caused it."""
    if isinstance(error, asyncpg.InvalidCachedStatementError):  # after a migration
        return Fault.RACE
    if isinstance(error, GONE):
        return Fault.LOST
    if not isinstance(error, asyncpg.PostgresError):
        return None
    state = error.sqlstate or ""
    beginnings = (state[:length] for length in range(len(state), 1, -1))
    return next((FAULTS[it] for it in beginnings if it in FAULTS), None)


def is_lost(error: BaseException) -> bool:
    """Returns whether a connection is unusable after an error."""
    return isinstance(error, OutcomeUnknown) or fault_of(error) is Fault.LOST


def is_in_doubt(error: BaseException) -> bool:
    """Returns whether the transaction may have been committed, after an error of the commit."""
    return fault_of(error) is Fault.LOST or isinstance(error, asyncpg.QueryCanceledError)


def mistake_of(error: asyncpg.PostgresError) -> MarketplaceError | None:
    """The error for a value that the database refuses; None if the error has another reason.

    A rule of the service should precede each constraint. A missing one is logged as an error.
    """
    state = error.sqlstate or ""
    if not state.startswith(NOT_STORABLE):
        return None
    logger.error("not_foreseen", exc_info=error, constraint=error.constraint_name)
    if state in CONTRADICTIONS:
        return Contradiction()
    return Invalid("Some of the input can't be stored.", field="")


class Translation(AbstractContextManager[None]):
    """Translates errors of the driver that a block raises to errors of the service."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Translates an error.

        Raises:
            MarketplaceError: In place of an error of the driver.
        """
        if isinstance(error, (*GONE, asyncpg.PostgresError)):
            told = Unavailable() if fault_of(error) else mistake_of(error)
            if told is not None:
                raise told from error


translated = Translation()
"""It has no state, so one instance serves all blocks."""


async def persistently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Retries an atomic operation after a lost race or a lost connection.

    Args:
        attempt: The operation: it takes effect as a whole, or not at all.

    Raises:
        Unavailable: Every attempt failed.
        OutcomeUnknown: An attempt may have taken effect.
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
