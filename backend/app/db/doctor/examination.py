"""All that is promised of the whole database, looked into at one moment."""

from collections.abc import AsyncIterator

from app.db.doctor import (
    bookings,
    cleanings,
    erasure,
    evaluations,
    events,
    history,
    jobs,
    offers,
    references,
    sessions,
    users,
)
from app.db.doctor.check import Check, Finding
from app.postgres.statements import Source

CHECKS: tuple[Check, ...] = (
    *cleanings.CHECKS,
    *offers.CHECKS,
    *bookings.CHECKS,
    *evaluations.CHECKS,
    *events.CHECKS,
    *history.CHECKS,
    *users.CHECKS,
    *erasure.CHECKS,
    *sessions.CHECKS,
    *jobs.CHECKS,
    *references.CHECKS,
)


async def examine(source: Source) -> AsyncIterator[Finding]:
    """Finds out of each promise whether it is kept.

    Args:
        source: What holds still meanwhile, if anybody writes: the promises speak of one moment.
    """
    for check in CHECKS:
        yield await check.run(source)
