"""How migrations wait for locks: never for long, so that the traffic behind them flows on."""

import logging
import time
from collections.abc import Callable, Iterator
from secrets import SystemRandom

from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

LOCK = 0x636C65616E  # "clean": whoever migrates this database holds this advisory lock
LOCK_TIMEOUT = "200ms"  # all who come later queue behind a migration that waits for a table
NO_LOCK = ("55P03", "40P01")  # none in time; a deadlock
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds in which the traffic recovers

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
"""Who may be in the way: the oldest transactions that have locked tables of ours."""

logger = logging.getLogger(__name__)


def wait_until_alone(connection: Connection, patience: float) -> None:
    """Has nobody else migrate the database until the connection is closed.

    It asks again and again, since to wait in the database would be to hold a snapshot, and an
    index that is made concurrently waits for everyone who holds one.

    Args:
        connection: The connection that migrates.
        patience: For how many seconds to ask.

    Raises:
        CommandError: Somebody else has been migrating for all that time.
    """
    for pause in pauses(patience):
        locked = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one()
        connection.rollback()
        if locked:
            return
        logger.warning("Somebody else migrates this database. Asking again in %.1f s.", pause)
        time.sleep(pause)
    raise CommandError(f"Somebody else has been migrating this database for {patience:g} s.")


def run_patiently(connection: Connection, run: Callable[[], None], patience: float) -> None:
    """Runs something, and again after a pause whenever a transaction of it got no lock in time.

    What runs outside of transactions (see ``autocommit_block``) waits for as long as it takes: it
    keeps nobody waiting.

    Args:
        connection: What it runs on.
        run: What to run. What it has committed, it doesn't do again.
        patience: For how many seconds to try.

    Raises:
        CommandError: It has got no lock in all that time.
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
    """Has the transaction that begins wait no longer for a lock than others can wait for it."""
    connection.exec_driver_sql(f"SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', true)")


def pauses(patience: float) -> Iterator[float]:
    """Pauses in seconds, ever longer and by chance, until the patience is at an end."""
    end, pause = time.monotonic() + patience, SHORTEST_PAUSE
    while time.monotonic() < end:
        yield pause * SystemRandom().uniform(0.5, 1)
        pause = min(2 * pause, LONGEST_PAUSE)
