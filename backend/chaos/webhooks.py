"""Scenario: receivers of webhooks hang and fail, and a worker is killed."""

import asyncio
import json
from asyncio import StreamWriter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import httpx

from chaos.clusters import Cluster, market
from chaos.doctor import examine
from chaos.services import WORKER, process, service
from chaos.verdicts import Verdict
from chaos.writers import API, clients_of, register
from dev.receivers import OK, Receiver, hang, receiver, status

PATIENCE = 60.0  # seconds for all events to arrive
POLL = 0.1  # seconds between looks at what has arrived
PACE = 0.03  # seconds between two events, so that the repetitions of the lying one take no minute
LIES = 7  # every so many requests, one is answered with 500, and one is not answered
SETTINGS = {"OUTBOUND_NETWORKS": "127.0.0.0/8"}
PROMISE = (
    "While receivers of webhooks hang or fail, and a worker is killed, each event arrives at each "
    "other receiver at least once, in order; the events that a hanging receiver misses wait for it."
)
SOON = "UPDATE webhook_endpoints SET due_at = now() WHERE failing_since IS NOT NULL"
"""Has the time pass until the next attempt."""


class Hooks(NamedTuple):
    """The receivers.

    Args:
        good: Answers all requests.
        lying: Receives all, but answers some of them with a failure, or closes the connection.
        hanging: Answers none.
    """

    good: Receiver
    lying: Receiver
    hanging: Receiver


@asynccontextmanager
async def receivers() -> AsyncIterator[Hooks]:
    """Context manager for the receivers."""
    async with AsyncExitStack() as stack:
        made = Hooks(*[await stack.enter_async_context(receiver()) for _ in Hooks._fields])

        async def lie(writer: StreamWriter) -> None:
            turn = len(made.lying.received) % LIES
            if turn == 1:
                writer.close()
            else:
                writer.write(status(500) if turn == 2 else OK)  # noqa: PLR2004 (another turn)

        made.lying.answer, made.hanging.answer = lie, hang
        yield made


async def run(folder: Path, seconds: float) -> Verdict:
    """A worker is killed while events are sent to good and bad receivers.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after the fault.
    """
    log = folder / "worker.log"
    async with (
        market(folder) as cluster,
        receivers() as hooks,
        service(folder, cluster.url, **SETTINGS) as address,
        clients_of([address]) as (client,),
    ):
        await register(client, "owner")
        for hook in hooks:
            draft = {"url": hook.url, "events": ["cleaning.created"]}
            (await client.post(f"{API}/webhooks", json=draft)).raise_for_status()
        with process(WORKER, log, DATABASE_URL=cluster.url, **SETTINGS):
            jobs = await post_jobs(client, seconds)
        with process(WORKER, log, DATABASE_URL=cluster.url, **SETTINGS):
            jobs += await post_jobs(client, seconds)
            arrived = [await until_arrived(cluster, it, jobs) for it in hooks[:2]]
        broken = await examine(cluster)
    failures = [*broken, *missing(hooks, jobs, arrived)]
    figures = {
        "events": f"{len(jobs):,}",
        "requests to the good receiver": f"{len(hooks.good.received):,}",
        "requests to the lying receiver": f"{len(hooks.lying.received):,}",
        "requests to the hanging receiver": f"{len(hooks.hanging.received):,}",
    }
    return Verdict(PROMISE, "the receivers, and a worker, by kill -9", figures, failures)


async def post_jobs(client: httpx.AsyncClient, seconds: float) -> list[str]:
    """Posts jobs for a time, and returns their ids."""
    clock = asyncio.get_running_loop().time
    end, jobs = clock() + seconds, list[str]()
    while clock() < end or not jobs:
        response = await client.post(f"{API}/cleanings", json={"name": "Windows", "price": "50"})
        response.raise_for_status()
        jobs.append(response.json()["id"])
        await asyncio.sleep(PACE)
    return jobs


def ids(hook: Receiver) -> list[str]:
    """The jobs that a receiver has been sent, each once, in the order of their first arrival."""
    return list(dict.fromkeys(json.loads(it.body)["data"]["id"] for it in hook.received))


async def until_arrived(cluster: Cluster, hook: Receiver, jobs: Sequence[str]) -> bool:
    """Waits until a receiver has all jobs; returns whether it has in time."""
    try:
        async with asyncio.timeout(PATIENCE), cluster.connected() as connection:
            while set(jobs) - set(ids(hook)):
                await connection.execute(SOON)
                await asyncio.sleep(POLL)
    except TimeoutError:
        return False
    return True


def missing(hooks: Hooks, jobs: Sequence[str], arrived: Sequence[bool]) -> list[str]:
    """Violations of the promise."""
    failures = []
    for hook, complete in zip(hooks[:2], arrived, strict=True):
        if not complete:
            failures.append(f"{len(set(jobs) - set(ids(hook)))} events did not arrive in time")
        positions = [json.loads(it.body)["position"] for it in hook.received]
        if any(after < before for before, after in pairwise(positions)):
            failures.append("events arrived out of order")
    if set(ids(hooks.hanging)) - set(jobs[:1]):
        failures.append("the hanging receiver was sent further events")
    return failures
