"""The primary dies or freezes, and its standby takes over."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from chaos.clusters import Cluster, market, replicated
from chaos.doctor import examine
from chaos.services import service_and_worker
from chaos.verdicts import Verdict
from chaos.writers import PATIENCE, counted, writing

RETURN = 5.0  # seconds in which people are to be able to write again
NOTICING = 0.5  # seconds until somebody promotes the standby
PROMISE = (
    "When the primary {happens} and its synchronous standby is promoted, nothing that was "
    f"acknowledged is lost, and people can write again within {RETURN:g} s, with no restart."
)


async def run(folder: Path, seconds: float) -> Verdict:
    """The primary dies under load.

    Args:
        folder: Where data and logs go.
        seconds: For how long the load lasts, before and after.
    """
    promise = PROMISE.format(happens="dies")
    return await _break(folder, seconds, Cluster.kill, promise, "the primary, by kill -9")


async def freeze(folder: Path, seconds: float) -> Verdict:
    """The primary freezes under load, and later goes on as if nothing had happened.

    Args:
        folder: Where data and logs go.
        seconds: For how long the load lasts, before and after.
    """
    promise = PROMISE.format(happens="freezes")
    broken = "the primary, by SIGSTOP; at the end it goes on, and nobody has fenced it"
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
        failures.append(f"nobody could write for {pause:.2f} s")
    if not survived:
        failures.append("the worker has ended")
    figures = {
        **writers.figures(lost),
        "answers": counted(writers.answers),
        "longest time without a write": f"{pause:.2f} s",
    }
    return Verdict(promise, broken, figures, failures)
