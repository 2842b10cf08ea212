"""Whether the database is the one that this version of the service was written for."""

import asyncio
import re
from functools import cache
from pathlib import Path

from asyncpg import UndefinedTableError

from app.core.errors import Unavailable
from app.db.engine import Database

REVISIONS = Path(__file__).parent / "migrations" / "versions"


class DatabaseUnreachable(Unavailable):
    """The database doesn't answer."""

    code = "database_unreachable"
    detail = "The database can't be reached, or has no connection left."


class OtherMigrations(Unavailable):
    """The database is that of an older or a newer version."""

    code = "other_migrations"
    detail = "The database's migrations are not those of this version."


@cache
def newest_revision() -> str:
    """The migration that the service was written for: the one that no other revises.

    Alembic could tell as well, but takes 10 MiB of each worker and a fifth of the time of a start.
    """
    sources = [file.read_text() for file in REVISIONS.glob("*.py")]
    all_of_them = {name for source in sources for name in _named("revision", source)}
    revised = {name for source in sources for name in _named("down_revision", source)}
    (newest,) = all_of_them - revised
    return newest


def _named(variable: str, source: str) -> list[str]:
    """The revisions that a line of a migration's head names."""
    line = re.search(rf"^{variable}\b.*", source, re.MULTILINE)
    return re.findall(r'"(\w+)"', line[0]) if line else []


async def demand_ready(database: Database) -> None:
    """Makes sure that the database answers, and that the last migration has been run on it.

    Raises:
        DatabaseUnreachable: It doesn't answer.
        OtherMigrations: It is that of an older or a newer version.
    """
    expected = await asyncio.to_thread(newest_revision)
    try:
        rows = await database.fetch("SELECT version_num FROM alembic_version", ())
    except Unavailable as error:
        raise DatabaseUnreachable from error.__cause__
    except UndefinedTableError:
        raise OtherMigrations from None
    if [row["version_num"] for row in rows] != [expected]:
        raise OtherMigrations
