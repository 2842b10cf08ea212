"""Scenario: ten of fifty receivers of webhooks hang."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import httpx

from chaos.clusters import Cluster, market
from chaos.services import WORKER, process, service
from chaos.verdicts import Verdict
from chaos.webhooks import POLL, SETTINGS, SOON
from chaos.writers import API, clients_of, register
from dev.receivers import OK, Receiver, hang, receiver

OWNERS = 5
WEBHOOKS = 10  # of each owner, the most that one may have
HANGING = 10
ROUNDS = 3
EVENTS_PER_SECOND = 8  # of each owner
KEPT = 0.9
"""The part of the rate that the other receivers keep."""
PATIENCE = 120.0  # seconds for the events of a round to arrive
PROMISE = (
    f"While {HANGING} of {OWNERS * WEBHOOKS} receivers of webhooks hang, the others receive at "
    f"least {KEPT:.0%} of the events per second that they receive otherwise."
)
WAITING = "SELECT count(*) FROM webhook_deliveries WHERE delivered_at IS NULL"


async def run(folder: Path, seconds: float) -> Verdict:
    """Measures the rate at which waiting events are sent, in turn with hanging receivers and not.

    Args:
        folder: For data and logs.
        seconds: The number of events grows with it.
    """
    events = max(1, round(seconds * EVENTS_PER_SECOND))
    rates: dict[bool, list[float]] = {False: [], True: []}
    async with (
        AsyncExitStack() as stack,
        market(folder) as cluster,
        service(folder, cluster.url, **SETTINGS) as address,
        clients_of([address] * OWNERS) as clients,
    ):
        hooks = [await stack.enter_async_context(receiver()) for _ in range(OWNERS * WEBHOOKS)]
        for number, client in enumerate(clients):
            await subscribe(client, f"owner{number}", hooks[number::OWNERS])
        for hanging in [False, True] * ROUNDS:
            for client in clients:
                await post_jobs(client, events)
            for hook in hooks[:HANGING]:
                hook.answer = hang if hanging else OK
            with process(WORKER, folder / "worker.log", DATABASE_URL=cluster.url, **SETTINGS):
                rates[hanging].append(await rate(hooks[HANGING:], events))
                await catch_up(cluster, hooks)
    alone, beside = median(rates[False]), median(rates[True])
    figures = {
        "events per second to each receiver": f"{alone:.1f}",
        "while others hang": f"{beside:.1f} ({beside / alone:.0%})",
    }
    failures = [] if beside >= KEPT * alone else [f"they keep only {beside / alone:.0%}"]
    return Verdict(PROMISE, f"{HANGING} receivers, which do not answer", figures, failures)


async def subscribe(client: httpx.AsyncClient, name: str, hooks: Sequence[Receiver]) -> None:
    """Creates an account with a webhook for each of some receivers."""
    await register(client, name)
    for hook in hooks:
        draft = {"url": hook.url, "events": ["cleaning.created"]}
        (await client.post(f"{API}/webhooks", json=draft)).raise_for_status()


async def post_jobs(client: httpx.AsyncClient, number: int) -> None:
    """Posts jobs, whose events wait for a worker."""
    for _ in range(number):
        draft = {"name": "Windows", "price": "50"}
        (await client.post(f"{API}/cleanings", json=draft)).raise_for_status()


async def rate(hooks: Sequence[Receiver], events: int) -> float:
    """The events per second that each receiver is sent, until all have all of them."""
    clock = asyncio.get_running_loop().time
    async with asyncio.timeout(PATIENCE):
        while not any(hook.received for hook in hooks):  # noqa: ASYNC110 (no event tells of it)
            await asyncio.sleep(POLL / 10)
        begun = clock()
        while any(len(hook.received) < events for hook in hooks):  # noqa: ASYNC110 (likewise)
            await asyncio.sleep(POLL / 10)
    return events / (clock() - begun)


async def catch_up(cluster: Cluster, hooks: Sequence[Receiver]) -> None:
    """Has all receivers answer, until no event waits."""
    for hook in hooks[:HANGING]:
        hook.answer = OK
        hook.close()
    async with asyncio.timeout(PATIENCE), cluster.connected() as connection:
        while await connection.fetchval(WAITING):
            await connection.execute(SOON)
            await asyncio.sleep(POLL)
    for hook in hooks:
        hook.received.clear()
