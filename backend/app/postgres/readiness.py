"""Readiness: the database responds, and has the migrations that this version needs."""

import asyncio
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from asyncpg import UndefinedTableError

from app.core.errors import Unavailable
from app.postgres.database import Database

REVISIONS = Path(__file__).parents[1] / "db" / "migrations" / "versions"


class DatabaseUnreachable(Unavailable):
    """The database does not respond."""

    code = "database_unreachable"
    detail = "The database is unreachable, or has no free connections."


class MigrationsMissing(Unavailable):
    """The database has the schema of an older version."""

    code = "migrations_missing"
    detail = "The database lacks migrations of this version."


class Revisions(NamedTuple):
    """The migrations of this version.

    Args:
        newest: The head.
        older: All others.
    """

    newest: str
    older: frozenset[str]


@cache
def revisions() -> Revisions:
    """Reads the revisions out of the migration files.

    Importing Alembic for it would take 10 MiB per worker and a fifth of the start-up time.
    """
    sources = [file.read_text() for file in REVISIONS.glob("*.py")]
    all_of_them = {name for source in sources for name in _named("revision", source)}
    older = frozenset(name for source in sources for name in _named("down_revision", source))
    (newest,) = all_of_them - older
    return Revisions(newest, older)


def _named(variable: str, source: str) -> list[str]:
    """The revisions that an assignment in a migration file names."""
    line = re.search(rf"^{variable}\b.*", source, re.MULTILINE)
    return re.findall(r'"(\w+)"', line[0]) if line else []


async def demand_ready(database: Database) -> None:
    """Checks that the database responds, and has the migrations that this version needs.

    It may have newer ones: during a rolling upgrade, the previous version keeps running.

    Raises:
        DatabaseUnreachable: It does not respond.
        MigrationsMissing: It has the schema of an older version.
    """
    older = (await asyncio.to_thread(revisions)).older
    try:
        rows = await database.fetch("SELECT version_num FROM alembic_version", ())
    except Unavailable as error:
        raise DatabaseUnreachable from error.__cause__
    except UndefinedTableError:
        raise MigrationsMissing from None
    if len(rows) != 1 or rows[0]["version_num"] in older:
        raise MigrationsMissing
