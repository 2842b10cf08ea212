"""The examination of the whole database at one moment: the checks of all features."""

from collections.abc import AsyncIterator

from app.core.features import modules
from app.db.doctor import erasure, history, references
from app.db.doctor.check import Check, Finding
from app.postgres.statements import Source

CHECKS: tuple[Check, ...] = tuple(
    check
    for module in (*modules("app.db.doctor"), history, erasure, references)
    for check in module.CHECKS
)


async def examine(source: Source) -> AsyncIterator[Finding]:
    """Runs each check.

    Args:
        source: A snapshot, if others write meanwhile: checks compare tables at one moment.
    """
    for check in CHECKS:
        yield await check.run(source)
