"""Accelerated time: starts and deadlines are dated back, and the clock processes them."""

import asyncio
from contextlib import suppress
from typing import Any

from app.core.errors import Unavailable
from app.postgres.database import Database
from app.worker.clock import Clock
from app.worker.process import add_up_categories
from chaos.clusters import Cluster

PAUSE = 0.2  # seconds between two ticks
SHARE = 0.1  # of the open jobs, whose start is moved before each tick but the last

STARTS = """
WITH chosen AS (
    SELECT id, date_trunc('second', now())
        - CASE WHEN random() < 0.1 THEN interval '15 days' ELSE interval '0' END AS moment,
        (SELECT max(created_at) FROM cleaning_revisions WHERE cleaning_id = id) AS edited_at
    FROM cleanings
    WHERE starts_at > now() AND deleted_at IS NULL
      AND (status = 'booked' OR status = 'open' AND random() < $1)
    FOR NO KEY UPDATE SKIP LOCKED
), agreed AS (
    UPDATE bookings SET terms = terms || jsonb_build_object(
        'starts_at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')
    )
    FROM chosen
    WHERE cleaning_id = chosen.id AND (edited_at IS NULL OR created_at > edited_at)
)
UPDATE cleanings SET starts_at = moment FROM chosen WHERE cleanings.id = chosen.id
"""
"""Moves the start of booked jobs, and of this share of the open ones, to the present.

The terms of bookings made from the present terms of the job are changed with it.
"""

DEADLINES = """
WITH chosen AS (
    SELECT cleanings.id FROM cleanings JOIN bookings ON cleaning_id = cleanings.id
    WHERE completes_at > now() AND random() < 0.3
    FOR NO KEY UPDATE OF cleanings SKIP LOCKED
)
UPDATE bookings SET completes_at = now() FROM chosen
WHERE cleaning_id = chosen.id AND completes_at > now()
"""
"""Moves some deadlines for the answer to a completion report to the present."""


ANSWERS = """
WITH chosen AS (
    SELECT id FROM orders WHERE status = 'placed' AND expires_at > now() AND random() < 0.05
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE orders SET expires_at = now() FROM chosen WHERE orders.id = chosen.id
"""
"""Moves some deadlines for the answer to an order to the present."""


async def let_time_pass(
    cluster: Cluster, database: Database, acting: asyncio.Future[Any]
) -> dict[str, int]:
    """Dates jobs, bookings and orders back and runs the clock, until a future is done.

    At last all open jobs with a start expire, so that some do however short the time was.

    Args:
        cluster: The database server.
        database: Connections for the clock.
        acting: The future.

    Returns:
        The number of times each step of the clock was done.
    """
    async with cluster.connected() as connection:
        clock = Clock(database)
        while not acting.done():
            await connection.execute(STARTS, SHARE)
            await connection.execute(DEADLINES)
            await connection.execute(ANSWERS)
            await clock.tick()
            with suppress(Unavailable):  # the clock, too, waits for the next time
                await database.run(add_up_categories)
            await asyncio.wait([acting], timeout=PAUSE)
        await connection.execute(STARTS, 1.0)
        await clock.tick()
    return {step.value: number for step, number in clock.done.items()}
