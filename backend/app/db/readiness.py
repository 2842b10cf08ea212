"""Whether the database is the one that this version of the service was written for."""

import asyncio
from functools import cache
from pathlib import Path

from asyncpg import UndefinedTableError

from app.db.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def newest_revision() -> str | None:
    """The migration that the service was written for."""
    from alembic.script import ScriptDirectory  # start-up need not wait for it

    return ScriptDirectory(MIGRATIONS).get_current_head()


async def is_migrated(database: Database) -> bool:
    """Says whether the last migration has been run on the database.

    Raises:
        Unavailable: The database can't be reached.
    """
    expected = await asyncio.to_thread(newest_revision)
    try:
        rows = await database.fetch("SELECT version_num FROM alembic_version", ())
    except UndefinedTableError:
        return False
    return [row["version_num"] for row in rows] == [expected]
