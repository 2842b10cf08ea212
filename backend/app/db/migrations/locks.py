"""Lock waits of migrations: short, with retries, so that other transactions are not blocked."""

import logging
import time
from collections.abc import Callable, Iterator
from secrets import SystemRandom

from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

LOCK = 0x636C65616E  # "clean": the advisory lock of migrations
LOCK_TIMEOUT = "200ms"  # later transactions queue behind a migration that waits for a table
NO_LOCK = ("55P03", "40P01")  # lock timeout; deadlock
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds for other transactions to proceed

HOLDERS = """
    SELECT format('process %s has held %s for %s', pid, string_agg(DISTINCT relname, ', '),
        coalesce(date_trunc('second', clock_timestamp() - xact_start)::text, 'some time'))
    FROM pg_locks
    JOIN pg_stat_activity USING (pid)
    JOIN pg_class ON pg_class.oid = relation AND relkind IN ('r', 'p')
    WHERE granted AND pid <> pg_backend_pid() AND datname = current_database()
        AND relnamespace = 'public'::regnamespace
    GROUP BY pid, xact_start
    ORDER BY xact_start
    LIMIT 3
"""
"""The likely blockers: the oldest transactions with locks on tables of the service."""

logger = logging.getLogger(__name__)


def wait_until_alone(connection: Connection, patience: float) -> None:
    """Takes the lock of migrations until the connection is closed.

    It polls, since a wait in the database would hold a snapshot, for which a concurrent index
    build waits.

    Args:
        connection: The connection of the migration.
        patience: The limit of the wait in seconds.

    Raises:
        CommandError: Another migration held the lock for all that time.
    """
    for pause in pauses(patience):
        locked = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one()
        connection.rollback()
        if locked:
            return
        logger.warning("Another migration of this database is running. Retrying in %.1f s.", pause)
        time.sleep(pause)
    raise CommandError(f"Another migration of this database has been running for {patience:g} s.")


def run_patiently(connection: Connection, run: Callable[[], None], patience: float) -> None:
    """Runs migrations, and repeats them after a pause when a transaction got no lock in time.

    Statements outside transactions (see ``autocommit_block``) wait without a limit: they block no
    other transactions.

    Args:
        connection: The connection of the migration.
        run: Runs the pending migrations; committed ones are not repeated.
        patience: The limit in seconds.

    Raises:
        CommandError: There was no lock in all that time.
    """
    event.listen(connection, "begin", limit_waiting)
    for pause in pauses(patience):
        try:
            return run()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in NO_LOCK:
                raise
            waiting = error.statement
        connection.rollback()
        holders = "; ".join(connection.exec_driver_sql(HOLDERS).scalars()) or "it is free by now"
        connection.rollback()
        logger.warning("No lock for %r: %s. Once more in %.1f s.", waiting, holders, pause)
        time.sleep(pause)
    raise CommandError(f"No lock in {patience:g} s: nothing of this migration has been done.")


def limit_waiting(connection: Connection) -> None:
    """Sets the lock timeout of the present transaction."""
    connection.exec_driver_sql(f"SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', true)")


def pauses(patience: float) -> Iterator[float]:
    """Growing, randomised pauses in seconds, until the limit is reached."""
    end, pause = time.monotonic() + patience, SHORTEST_PAUSE
    while time.monotonic() < end:
        yield pause * SystemRandom().uniform(0.5, 1)
        pause = min(2 * pause, LONGEST_PAUSE)
