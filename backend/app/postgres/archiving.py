"""The age of the WAL archive, which point-in-time recovery needs."""

import math

from app.postgres.database import Database

AGE = """
    SELECT extract(
        epoch FROM now() - coalesce(last_archived_time, pg_postmaster_start_time())
    )::float
    FROM pg_stat_archiver
    WHERE last_archived_time IS NOT NULL OR current_setting('archive_mode') <> 'off'
"""
"""A server that has ever archived keeps an age when archiving is switched off."""


async def archive_age(database: Database) -> float:
    """Seconds since the last WAL file was archived; NaN if archiving was never on.

    Raises:
        Unavailable: The database can't be reached.
    """
    rows = await database.fetch(AGE, ())
    age: float = rows[0][0] if rows else math.nan
    return age
