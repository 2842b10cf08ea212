"""Scenario: the primary fails or freezes, and its standby takes over."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from chaos.clusters import Cluster, market, replicated
from chaos.doctor import examine
from chaos.services import service_and_worker
from chaos.verdicts import Verdict
from chaos.writers import PATIENCE, counted, writing

RETURN = 5.0  # seconds within which writes must succeed again
NOTICING = 0.5  # seconds until the standby is promoted
PROMISE = (
    "When the primary {happens} and its synchronous standby is promoted, no acknowledged write is "
    f"lost, and writes succeed again within {RETURN:g} s, without a restart."
)


async def run(folder: Path, seconds: float) -> Verdict:
    """The primary is killed under load.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after the fault.
    """
    promise = PROMISE.format(happens="fails")
    return await _break(folder, seconds, Cluster.kill, promise, "the primary, by kill -9")


async def freeze(folder: Path, seconds: float) -> Verdict:
    """The primary freezes under load, and resumes after the promotion.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after the fault.
    """
    promise = PROMISE.format(happens="freezes")
    broken = "the primary, by SIGSTOP; it resumes at the end, without fencing"
    return await _break(folder, seconds, Cluster.freeze, promise, broken)


async def _break(
    folder: Path,
    seconds: float,
    end: Callable[[Cluster], Awaitable[None]],
    promise: str,
    broken: str,
) -> Verdict:
    clock = asyncio.get_running_loop().time
    async with market(folder) as primary, replicated(primary, "standby") as (standby,):
        url = primary.url.replace(primary.address, f"{primary.address},{standby.address}")
        async with (
            service_and_worker(folder, url) as (address, worker),
            writing(address) as writers,
        ):
            await writers.until_success(clock(), PATIENCE)
            await asyncio.sleep(seconds)
            broken_at = clock()
            await end(primary)
            await asyncio.sleep(NOTICING)
            await standby.promote()
            await writers.until_success(clock(), 2 * RETURN)
            await primary.thaw()
            await asyncio.sleep(seconds)
            survived = worker.poll() is None
        lost, broken_promises = await writers.lost(standby), await examine(standby)
    pause = writers.longest_pause(broken_at)
    failures = [*lost, *writers.unexpected("503"), *broken_promises]
    if pause > RETURN:
        failures.append(f"no write succeeded for {pause:.2f} s")
    if not survived:
        failures.append("the worker has ended")
    figures = {
        **writers.figures(lost),
        "answers": counted(writers.answers),
        "longest time without a write": f"{pause:.2f} s",
    }
    return Verdict(promise, broken, figures, failures)
