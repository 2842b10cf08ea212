"""The one map from what goes wrong with the database to what callers are told."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import asyncpg
import structlog

from app.core.errors import Conflict, Invalid, MarketplaceError, Unavailable

Result = TypeVar("Result")

ATTEMPTS = 3
"""How often a unit of work is tried that loses races."""

FIRST_PAUSE = 0.05  # seconds until a unit is tried again whose connection was lost; then doubled,
LONGEST_PAUSE = 0.4  # up to this, since the service is to work soon after the database does
PATIENCE = 2.5  # seconds after which nothing is tried again

logger = structlog.get_logger(__name__)


class LostRace(Unavailable):
    """It came in the way of others, and none of it was done: it may be tried again at once."""


class ConnectionLost(Unavailable):
    """The database went away before it was asked to commit, so nothing was done."""


class OutcomeUnknown(Unavailable):
    """The database went away when it was asked to commit, and may have done so or not."""

    code = "outcome_unknown"
    detail = (
        "The service can't tell whether it was done. Look, or repeat it with the same "
        "Idempotency-Key, if it had one."
    )


class Contradiction(Conflict):
    """A constraint that no rule of the service has foreseen forbids it."""

    detail = "It contradicts what is stored. Read again, then decide."


class NotStorable(Invalid):
    """A value that no rule of the service has foreseen can't be stored."""

    detail = "Some of the input can't be stored."

    def __init__(self) -> None:
        super().__init__(field="")


FAULTS: Mapping[str, type[Unavailable]] = {
    "08": ConnectionLost,  # the connection failed
    "25006": ConnectionLost,  # the host takes no writes: it is no primary, or no longer
    "25P03": ConnectionLost,  # ended, since the transaction has done nothing for too long
    "28": ConnectionLost,  # refused: nobody else can mend that, so it is no error of the caller
    "3D000": ConnectionLost,  # the database is not there (yet)
    "40001": LostRace,  # serialization failure
    "40P01": LostRace,  # deadlock
    "53300": ConnectionLost,  # too many connections
    "53": Unavailable,  # out of memory, of disk space
    "55P03": Unavailable,  # waited too long for a lock
    "57014": Unavailable,  # canceled, mostly since it took too long
    "57": ConnectionLost,  # shut down, crashed, starting up
    "58": Unavailable,  # the disk fails
}
"""What becomes of an SQLSTATE: of those that it begins with, the longest counts."""

MISTAKES: Mapping[str, Callable[[], MarketplaceError]] = {
    "22": NotStorable,  # out of range, not in the character set
    "23505": Contradiction,  # unique
    "23P01": Contradiction,  # exclusion
    "23503": Contradiction,  # what it refers to is gone
    "23": NotStorable,  # not null, check
}
"""Likewise, for what the service should have refused before it asked the database."""

GONE = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises when nobody answers, or not what it understands."""


def translation(error: BaseException) -> MarketplaceError | None:
    """What callers are told of an error; None if it is none of the database's."""
    if isinstance(error, asyncpg.InvalidCachedStatementError):  # a migration went by
        return LostRace()
    if isinstance(error, GONE):
        return ConnectionLost()
    if not isinstance(error, asyncpg.PostgresError):
        return None
    state = error.sqlstate or ""
    for length in range(len(state), 1, -1):
        if kind := FAULTS.get(state[:length]):
            return kind()
        if mistake := MISTAKES.get(state[:length]):
            logger.error("broken_constraint", state=state, constraint=error.constraint_name)
            return mistake()
    return None


def is_lost(error: BaseException) -> bool:
    """Says whether a connection is of no use after an error."""
    if isinstance(error, MarketplaceError):
        return isinstance(error, ConnectionLost | OutcomeUnknown)
    return isinstance(translation(error), ConnectionLost)


def is_in_doubt(error: BaseException) -> bool:
    """Says whether what was to be committed may be so, after an error."""
    return is_lost(error) or isinstance(error, asyncpg.QueryCanceledError)


@contextmanager
def translated() -> Iterator[None]:
    """Turns what goes wrong with the database inside of the block into what callers are told."""
    try:
        yield
    except (*GONE, asyncpg.PostgresError) as error:
        told = translation(error)
        if told is None:
            raise
        raise told from error


async def persistently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Tries something again that was not done because of a lost race or a lost connection.

    Args:
        attempt: Does it, or nothing at all.

    Raises:
        Unavailable: Every attempt failed.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + PATIENCE
    races, pause = 1, FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except LostRace:
            if races == ATTEMPTS:
                raise
            races += 1
        except ConnectionLost:
            if clock() + pause > deadline:
                raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
