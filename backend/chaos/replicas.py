"""Scenario: reads go to a standby, which stops its replay, freezes and is killed."""

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
LONGEST = 5.0  # seconds that a read may take during a fault
SCANS = "SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_tables WHERE relname = 'profiles'"
PROMISE = (
    "Reads go to a standby and include every acknowledged write, of any process; when the standby "
    "lags, freezes or fails, the primary serves them."
)


@dataclass
class Seen:
    """Results of reads after writes."""

    stale: int = 0
    times: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def pause_replay(standby: Cluster) -> None:
    """Pauses the replay of a standby; it still receives the WAL."""
    await standby.execute("SELECT pg_wal_replay_pause()")


async def resume_replay(standby: Cluster) -> None:
    """Resumes the replay."""
    await standby.execute("SELECT pg_wal_replay_resume()")


FAILURES: Mapping[str, tuple[Callable[[Cluster], Awaitable[None]], ...]] = {
    "lags": (pause_replay, resume_replay),
    "freezes": (Cluster.freeze, Cluster.thaw),
    "fails": (Cluster.kill, Cluster.start),
}
"""Faults of a standby, each with its repair."""


async def run(folder: Path, seconds: float) -> Verdict:
    """A standby that serves reads has each fault in turn.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before the faults, and of each fault.
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
            figures["share of reads on the healthy standby"] = f"at least {share:.0%}"
            for failure, (begin, end) in FAILURES.items():
                before = len(seen.times)
                await begin(standby)
                await asyncio.sleep(seconds)
                while len(seen.times) < before + 2 * PAIRS:  # noqa: ASYNC110 (no notification)
                    await asyncio.sleep(POLL_INTERVAL)
                await end(standby)
                slowest = max(seen.times[before:])
                figures[f"slowest read when the standby {failure}"] = f"{slowest:.2f} s"
                if slowest > LONGEST:
                    failures.append(f"a read took {slowest:.2f} s when the standby {failure}")
    if not share:
        failures.append("the standby served no reads")
    if seen.stale:
        failures.append(f"{seen.stale} reads missed an acknowledged write")
    figures |= {"reads after writes": f"{len(seen.times):,}", "stale": f"{seen.stale}"}
    broken = "the standby: its replay is paused, it is frozen by SIGSTOP, it is killed by kill -9"
    return Verdict(PROMISE, broken, figures, [*failures, *seen.refused])


@asynccontextmanager
async def reading(addresses: Sequence[str], seen: Seen) -> AsyncIterator[None]:
    """Context manager for clients that write through one process and read through another."""
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
    """Alternates writes and reads, then logs out, which must be effective at once, too."""
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
        seen.refused.append("a read succeeded with an ended session")


async def share_of(standby: Cluster, seen: Seen) -> float:
    """The share of reads served by the standby, whose statistics lag a little."""
    with suppress(PostgresError):
        await standby.until(SCANS)
    return float(await standby.fetchval(SCANS)) / len(seen.times)
