"""Reads go to a standby, which then stands still, freezes and dies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx

from chaos.clusters import POLL_INTERVAL, Cluster, market, replicated
from chaos.services import service
from chaos.verdicts import Verdict
from chaos.writers import API, clients_of, register
from dev.cluster import PostgresError

PAIRS = 10
LONGEST = 5.0  # seconds that a read may take while a standby fails
SCANS = "SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_tables WHERE relname = 'profiles'"
PROMISE = (
    "Reads go to a standby, and all see at once what was acknowledged, through whichever process; "
    "when the standby lags, freezes or dies, the primary serves them."
)


@dataclass
class Seen:
    """What people saw who read what they had just written."""

    stale: int = 0
    times: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def stand_still(standby: Cluster) -> None:
    """Lets a standby receive what is written, and not apply it."""
    await standby.execute("SELECT pg_wal_replay_pause()")


async def go_on(standby: Cluster) -> None:
    """Lets it apply all of that."""
    await standby.execute("SELECT pg_wal_replay_resume()")


FAILURES: Mapping[str, tuple[Callable[[Cluster], Awaitable[None]], ...]] = {
    "stands still": (stand_still, go_on),
    "freezes": (Cluster.freeze, Cluster.thaw),
    "dies": (Cluster.kill, Cluster.start),
}
"""How a standby fails, and how it comes back."""


async def run(folder: Path, seconds: float) -> Verdict:
    """A standby from which is read fails in each way.

    Args:
        folder: Where data and logs go.
        seconds: For how long it is well, and for how long it fails in each way.
    """
    seen, figures, failures = Seen(), {}, []
    async with AsyncExitStack() as stack:
        primary = await stack.enter_async_context(market(folder))
        (standby,) = await stack.enter_async_context(replicated(primary, "standby"))
        await primary.configure(synchronous_standby_names="")
        addresses = [
            await stack.enter_async_context(
                service(folder, primary.url, POSTGRES_REPLICAS=standby.address)
            )
            for _ in range(2)
        ]
        async with reading(addresses, seen):
            await asyncio.sleep(seconds)
            share = await share_of(standby, seen)
            figures["share of reads on the standby while it is well"] = f"at least {share:.0%}"
            for failure, (begin, end) in FAILURES.items():
                before = len(seen.times)
                await begin(standby)
                await asyncio.sleep(seconds)
                while len(seen.times) < before + 2 * PAIRS:  # noqa: ASYNC110 (nobody tells)
                    await asyncio.sleep(POLL_INTERVAL)
                await end(standby)
                slowest = max(seen.times[before:])
                figures[f"slowest read when it {failure}"] = f"{slowest:.2f} s"
                if slowest > LONGEST:
                    failures.append(f"a read took {slowest:.2f} s when it {failure}")
    if not share:
        failures.append("the standby is not read from")
    if seen.stale:
        failures.append(f"{seen.stale} reads did not see what was acknowledged")
    figures |= {"reads of what was just written": f"{len(seen.times):,}", "stale": f"{seen.stale}"}
    broken = "the standby: it does not apply what it receives, is frozen, is killed with -9"
    return Verdict(PROMISE, broken, figures, [*failures, *seen.refused])


@asynccontextmanager
async def reading(addresses: Sequence[str], seen: Seen) -> AsyncIterator[None]:
    """Has people write through one process and read through another, for the time of a block."""
    one, another = addresses
    async with clients_of([one] * PAIRS) as writers, clients_of([another] * PAIRS) as readers:
        pairs = list(zip(writers, readers, strict=True))
        for number, (writer, reader) in enumerate(pairs):
            await register(writer, f"reader{number}")
            reader.headers = writer.headers
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for writer, reader in pairs:
                group.create_task(write_and_read(writer, reader, seen, over))
            try:
                yield
            finally:
                over.set()


async def write_and_read(
    writer: httpx.AsyncClient, reader: httpx.AsyncClient, seen: Seen, over: asyncio.Event
) -> None:
    """Writes and reads in turn, and at last logs out, which must be seen at once, too."""
    number, clock = 0, asyncio.get_running_loop().time
    while not over.is_set():
        number += 1
        written = await writer.patch(f"{API}/profiles/me", json={"bio": str(number)})
        begun = clock()
        read = await reader.get(f"{API}/profiles/me")
        seen.times.append(clock() - begun)
        seen.refused += [r.text for r in (written, read) if not r.is_success]
        if written.is_success and read.is_success and read.json()["bio"] != str(number):
            seen.stale += 1
    await writer.delete(f"{API}/auth/token")
    if (await reader.get(f"{API}/profiles/me")).status_code != HTTPStatus.UNAUTHORIZED:
        seen.refused.append("a session that has ended still reads")


async def share_of(standby: Cluster, seen: Seen) -> float:
    """The share of reads that a standby has served; it counts them with some delay."""
    with suppress(PostgresError):
        await standby.until(SCANS)
    return float(await standby.fetchval(SCANS)) / len(seen.times)
