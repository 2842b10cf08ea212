"""Whether the log of changes is archived, so that the database can be recovered."""

import math

from app.postgres.database import Database

AGE = """
    SELECT extract(
        epoch FROM now() - coalesce(last_archived_time, pg_postmaster_start_time())
    )::float
    FROM pg_stat_archiver
    WHERE last_archived_time IS NOT NULL OR current_setting('archive_mode') <> 'off'
"""
"""A server that has ever archived goes on to have an age when it no longer does."""


async def archive_age(database: Database) -> float:
    """For how many seconds nothing has been archived; NaN where it never was to be.

    Raises:
        Unavailable: The database can't be reached.
    """
    rows = await database.fetch(AGE, ())
    age: float = rows[0][0] if rows else math.nan
    return age
