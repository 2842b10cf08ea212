"""``python -m app doctor``: checks the consistency of all data."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace

from asyncpg import PostgresError

from app.core.config import Settings
from app.core.environment import read_settings
from app.core.errors import MarketplaceError
from app.core.lifecycle import connected
from app.core.photo_store import FolderStore
from app.db.doctor.check import Finding
from app.db.doctor.examination import CHECKS, examine
from app.db.doctor.files import file_checks
from app.postgres.database import Database
from app.postgres.readiness import demand_ready

PATIENCE = 3600.0  # seconds per check

BROKEN, UNREADABLE = 1, 2
"""The exit status if a check fails, and if the checks can't be run."""

WIDTH = max(len(check.name) for check in CHECKS)


def add_arguments(parser: ArgumentParser) -> None:
    """Adds no arguments."""
    parser.set_defaults(run=run)


def run(_: Namespace) -> None:
    """Prints the result of each check; ends the program with a status if one fails."""
    try:
        findings = asyncio.run(look(read_settings(Settings)))
    except (MarketplaceError, OSError, PostgresError, RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        sys.exit(UNREADABLE)
    broken = sum(not finding.holds for finding in findings)
    seconds = sum(finding.seconds for finding in findings)
    print(f"{len(findings) - broken} checks passed, {broken} failed ({seconds:.1f} s).")
    if broken:
        sys.exit(BROKEN)


async def look(settings: Settings) -> list[Finding]:
    """Runs all checks on one snapshot of the database, concurrently with other transactions.

    Raises:
        Unavailable: The database is unreachable, or of another version.
    """
    findings = []
    async with connected(settings.model_copy(update={"statement_timeout": PATIENCE})) as pool:
        database = Database(pool)
        await demand_ready(database)
        async with database.snapshot() as source:
            async for finding in examine(source):
                print(line(finding), flush=True)
                findings.append(finding)
            for check in file_checks(FolderStore(settings.uploads_directory), database):
                findings.append(await check.run(source))
                print(line(findings[-1]), flush=True)
    return findings


def line(finding: Finding) -> str:
    """A finding as text."""
    verdict = "holds" if finding.holds else "BROKEN"
    said = f"{verdict:6} {finding.seconds:6.2f} s  {finding.check.name:{WIDTH}}"
    said += f"  {finding.check.promise}"
    if not finding.holds:
        rows = "1 row" if finding.broken == 1 else f"{finding.broken} rows"
        said += f"\n{'':18}{rows}: {', '.join(finding.examples)}"
        said += ", ..." if finding.broken > len(finding.examples) else ""
    return said
