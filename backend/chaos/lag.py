"""Scenario: many events are written at once, and enter the stream."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID

from app.db.models.fields import new_id
from chaos.clusters import Cluster, market
from chaos.services import WORKER, process
from chaos.verdicts import Verdict

RATE, WRITERS, WORKERS = 300, 12, 3
"""Events a second, and the connections that write and the workers that number them."""
STARTING = 5.0  # seconds until all workers have started
LONGEST = 0.25  # seconds
LOOK = 0.005  # seconds between two looks at the stream
PROMISE = (
    f"At {RATE} events a second on {WRITERS} connections, 99 % of all events are in the stream "
    f"within {LONGEST * 1000:g} ms of their commit, and each is there once."
)
ADD = """
WITH event AS (
    INSERT INTO events (id, subject, subject_id, kind, payload, created_at)
    VALUES ($1, 'cleaning', $1, 'expired', '{}', now()) RETURNING id
)
INSERT INTO outbox (event_id) SELECT id FROM event
"""
READY = "SELECT EXISTS (SELECT FROM heads WHERE name = 'standing')"
EMPTY = "SELECT NOT EXISTS (SELECT FROM outbox)"
BEHIND = "SELECT event_id FROM stream WHERE position > $1 ORDER BY position"

Times = dict[UUID, float]
"""When something happened to each event, by the clock of the event loop."""


async def run(folder: Path, seconds: float) -> Verdict:
    """Several workers number the events of several writers.

    Args:
        folder: For data and logs.
        seconds: Duration of the load.
    """
    committed: Times = {}
    arrived: list[tuple[UUID, float]] = []
    async with market(folder) as cluster:
        with ExitStack() as stack:
            for n in range(WORKERS):
                log = folder / f"worker{n}.log"
                stack.enter_context(process(WORKER, log, DATABASE_URL=cluster.url))
            await cluster.until(READY)
            await asyncio.sleep(STARTING)
            looking = asyncio.create_task(look(cluster, arrived))
            async with asyncio.TaskGroup() as group:
                for _ in range(WRITERS):
                    group.create_task(write(cluster, committed, seconds))
            await cluster.until(EMPTY)
            while len(arrived) < len(committed) and not looking.done():  # noqa: ASYNC110 (no event)
                await asyncio.sleep(LOOK)
            looking.cancel()
    return judged(committed, arrived)


async def write(cluster: Cluster, committed: Times, seconds: float) -> None:
    """Writes its share of the events, at regular times.

    Args:
        cluster: The database.
        committed: Takes the time of each commit.
        seconds: How long to write.
    """
    clock = asyncio.get_running_loop().time
    async with cluster.connected() as connection:
        begun = clock()
        for n in range(int(seconds * RATE / WRITERS)):
            await asyncio.sleep(begun + n * WRITERS / RATE - clock())
            event_id = new_id()
            await connection.execute(ADD, event_id)
            committed[event_id] = clock()


async def look(cluster: Cluster, arrived: list[tuple[UUID, float]]) -> None:
    """Takes note of each event in the stream and of the time, until it is cancelled."""
    clock = asyncio.get_running_loop().time
    async with cluster.connected() as connection:
        while True:
            rows = await connection.fetch(BEHIND, len(arrived))
            arrived += [(row["event_id"], clock()) for row in rows]
            await asyncio.sleep(LOOK)


def judged(committed: Times, arrived: list[tuple[UUID, float]]) -> Verdict:
    """The verdict on the times between commit and stream."""
    lags = [max(0.0, moment - committed[event_id]) for event_id, moment in arrived]
    last = quantiles(lags, n=100)[-1]
    missed, repeated = committed.keys() - dict(arrived).keys(), len(arrived) - len(dict(arrived))
    failures = []
    if missed or repeated:
        failures.append(f"{len(missed)} events are missing, {repeated} are there twice")
    if last > LONGEST:
        failures.append(f"1 % of events took {last * 1000:.0f} ms or longer")
    figures = {
        "events": f"{len(committed):,}",
        "of which missing": f"{len(missed)}",
        "of which repeated": f"{repeated}",
        "from commit to stream, median and 99th percentile": (
            f"{median(lags) * 1000:.0f} ms, {last * 1000:.0f} ms"
        ),
    }
    return Verdict(PROMISE, f"nothing; {WORKERS} workers", figures, failures)
