"""Scenario: the only database server restarts or crashes."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from chaos.clusters import Cluster, market
from chaos.doctor import examine
from chaos.services import service_and_worker
from chaos.verdicts import Verdict
from chaos.writers import PATIENCE, counted, writing

RETURN = 1.0  # seconds within which the service must work again
AWAY = 0.5  # seconds of downtime of the database
PROMISE = (
    "When the database restarts, no acknowledged write is lost; during the downtime the answer is "
    f"503; within {RETURN:g} s of its end the service works again."
)
CRASH_PROMISE = PROMISE.replace("restarts", "crashes")


async def run(folder: Path, seconds: float) -> Verdict:
    """The database restarts under load.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after the fault.
    """
    return await _break(folder, seconds, Cluster.stop, PROMISE, "PostgreSQL, by a fast shutdown")


async def crash(folder: Path, seconds: float) -> Verdict:
    """The database is killed under load, and has to recover.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after the fault.
    """
    return await _break(folder, seconds, Cluster.kill, CRASH_PROMISE, "PostgreSQL, by kill -9")


async def _break(
    folder: Path,
    seconds: float,
    end: Callable[[Cluster], Awaitable[None]],
    promise: str,
    broken: str,
) -> Verdict:
    clock = asyncio.get_running_loop().time
    async with market(folder) as cluster:
        async with (
            service_and_worker(folder, cluster.url) as (address, worker),
            writing(address) as writers,
        ):
            await writers.until_success(clock(), PATIENCE)
            await asyncio.sleep(seconds)
            before = writers.acknowledged
            await end(cluster)
            gone = clock()
            await asyncio.sleep(AWAY)
            await cluster.start()
            back = clock()
            await writers.until_success(back, 2 * RETURN)
            await asyncio.sleep(seconds)
            survived = worker.poll() is None
        lost, broken_promises = await writers.lost(cluster), await examine(cluster)
    usable = writers.first_success(back)
    failures = [*lost, *writers.unexpected("503"), *broken_promises]
    if not before:
        failures.append("no write succeeded even before")
    if not 0 < usable <= RETURN:
        failures.append(f"the service took {usable:.2f} s to work again")
    if not survived:
        failures.append("the worker has ended")
    figures = {
        **writers.figures(lost),
        "answers": counted(writers.answers),
        "downtime of the database": f"{back - gone:.2f} s",
        "time until the service worked again": f"{usable:.2f} s",
        "longest time without a write": f"{writers.longest_pause(gone):.2f} s",
    }
    return Verdict(promise, broken, figures, failures)
