"""Scenario: workers and the primary fail while a program follows the feed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import httpx

from chaos.clusters import Cluster, market, replicated
from chaos.doctor import examine
from chaos.services import WORKER, process, service
from chaos.verdicts import Verdict
from chaos.writers import API, PAUSE, Writers, clients_of, register, writing

WORKERS = 3
NOTICING = 0.5  # seconds until the standby is promoted
WAIT = 5  # seconds for which the follower waits for an event
PROMISE = (
    "A program that follows the feed by its positions receives each acknowledged job exactly once, "
    "also when workers are killed, the primary fails, and its synchronous standby is promoted."
)
EMPTY = "SELECT NOT EXISTS (SELECT FROM outbox)"
LENGTH = "SELECT max(position) FROM stream"


class Follower:
    """A client that follows the feed, and counts how often it receives each job."""

    def __init__(self) -> None:
        self.jobs: Counter[str] = Counter()
        self.position = 0
        self.refused: list[str] = []

    async def follow(self, client: httpx.AsyncClient) -> None:
        """Follows the feed until it is cancelled."""
        while True:
            params = {"after": self.position, "wait": WAIT, "limit": 100}
            try:
                response = await client.get(f"{API}/feed/cleanings", params=params)
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE)
                continue
            if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                await asyncio.sleep(PAUSE)
                continue
            if not response.is_success:
                self.refused.append(response.text)
                return
            part = response.json()
            self.jobs.update(item["cleaning"]["id"] for item in part["items"])
            self.position = part["position"]


@asynccontextmanager
async def following(address: str) -> AsyncIterator[Follower]:
    """Context manager for a client that follows the feed of a service."""
    async with clients_of([address]) as (client,):
        await register(client, "follower")
        follower = Follower()
        task = asyncio.create_task(follower.follow(client))
        try:
            yield follower
        finally:
            task.cancel()


async def run(folder: Path, seconds: float) -> Verdict:
    """Two of three workers are killed under load, then the primary.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before, between and after the faults.
    """
    async with market(folder) as primary, replicated(primary, "standby") as (standby,):
        url = primary.url.replace(primary.address, f"{primary.address},{standby.address}")
        async with service(folder, url) as address, following(address) as follower:
            with ExitStack() as stack:
                workers = [
                    stack.enter_context(process(WORKER, folder / f"{n}.log", DATABASE_URL=url))
                    for n in range(WORKERS)
                ]
                async with writing(address) as writers:
                    await asyncio.sleep(seconds)
                    for worker in workers[1:]:
                        worker.kill()
                        await asyncio.sleep(seconds)
                    await primary.kill()
                    await asyncio.sleep(NOTICING)
                    await standby.promote()
                    await asyncio.sleep(seconds + NOTICING)
                await until_followed(standby, follower)
        failures = [*follower.refused, *await examine(standby)]
    return judged(writers, follower, failures)


async def until_followed(cluster: Cluster, follower: Follower) -> None:
    """Waits until all events are in the stream, and have arrived."""
    await cluster.until(EMPTY)
    end = await cluster.fetchval(LENGTH)
    while follower.position < end and not follower.refused:  # noqa: ASYNC110 (no notification)
        await asyncio.sleep(PAUSE)


def judged(writers: Writers, follower: Follower, failures: list[str]) -> Verdict:
    """The verdict on what the follower has received."""
    missed = [job for job in writers.jobs if not follower.jobs[job]]
    repeated = [job for job, times in follower.jobs.items() if times > 1]
    failures += [f"job {job} was missed" for job in missed]
    failures += [f"job {job} arrived more than once" for job in repeated]
    figures = {
        "acknowledged jobs": f"{len(writers.jobs):,}",
        "of which missed": f"{len(missed)}",
        "of which repeated": f"{len(repeated)}",
        "last position": f"{follower.position:,}",
    }
    broken = "two of three workers and the primary, by kill -9"
    return Verdict(PROMISE, broken, figures, failures)
