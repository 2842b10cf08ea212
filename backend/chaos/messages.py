"""Scenario: the server and the primary fail while clients send messages."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from chaos.clusters import Cluster, market, replicated
from chaos.doctor import examine
from chaos.listeners import make_users
from chaos.services import SERVER, process, until_ready
from chaos.verdicts import Verdict
from chaos.writers import API, HOW_MANY, PAUSE, clients_of
from dev.postgres import free_port

NOTICING = 0.5  # seconds until the standby is promoted
LONGEST = 60.0  # seconds until the last messages are acknowledged
UNLIMITED = "1000000/3600"
PROMISE = (
    "Each message is in its thread exactly once, and the numbers of a thread have no gaps, also "
    "when the server is killed, and the primary, whose synchronous standby is promoted, and "
    "clients send again what was not acknowledged."
)
STORED = """
SELECT cleaning_id::text AS job, array_agg(number ORDER BY number) AS numbers,
    array_agg(client_id::text ORDER BY number) AS ids
FROM messages GROUP BY cleaning_id
"""


@dataclass
class Sender:
    """A client that sends messages in a thread, each until it is acknowledged.

    Args:
        client: The client.
        job: The job of the thread.
        path: The path of the messages.
    """

    client: httpx.AsyncClient
    job: str
    path: str
    sent: dict[str, int] = field(default_factory=dict)
    """The numbers of the acknowledged messages, by the ids that the client has given them."""
    repeats: int = 0
    """How often a message was sent again."""

    async def send(self, stopped: asyncio.Event) -> None:
        """Sends messages until it is stopped."""
        while not stopped.is_set():
            client_id = str(uuid4())
            while (number := await self._post(client_id)) is None:
                self.repeats += 1
                await asyncio.sleep(PAUSE)
            self.sent[client_id] = number

    async def _post(self, client_id: str) -> int | None:
        """The number of a message; None if it was not acknowledged."""
        draft = {"text": "Is there a lift?", "client_id": client_id}
        try:
            response = await self.client.post(self.path, json=draft)
        except httpx.HTTPError:
            return None
        if response.is_server_error:
            return None
        number: int = response.raise_for_status().json()["number"]
        return number


async def meet(url: str, clients: Sequence[httpx.AsyncClient]) -> list[Sender]:
    """Adds accounts in pairs, each with a thread about a job of the first one.

    Args:
        url: The database.
        clients: Their clients.
    """
    tokens = await make_users(url, [f"sender{n}" for n in range(len(clients))])
    for client, token in zip(clients, tokens, strict=True):
        client.headers["Authorization"] = f"Bearer {token}"
    senders = []
    for owner, cleaner in zip(clients[::2], clients[1::2], strict=True):
        job = (await owner.post(f"{API}/cleanings", json={"name": "Oven", "price": "50"})).json()
        there = f"{API}/cleanings/{job['id']}"
        offer = (await cleaner.post(f"{there}/offers", json={})).json()
        path = f"{there}/threads/{offer['cleaner']['id']}/messages"
        senders += [Sender(client, job["id"], path) for client in (owner, cleaner)]
    return senders


async def run(folder: Path, seconds: float) -> Verdict:
    """The server and the primary are killed, one after the other.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after each fault.
    """
    port, stopped = free_port(), asyncio.Event()
    address, log = f"http://127.0.0.1:{port}", folder / "service.log"
    async with AsyncExitStack() as stack:
        primary = await stack.enter_async_context(market(folder))
        (standby,) = await stack.enter_async_context(replicated(primary, "standby"))
        url = primary.url.replace(primary.address, f"{primary.address},{standby.address}")
        settings = {"DATABASE_URL": url, "MESSAGES_PER_ACCOUNT": UNLIMITED}
        clients = await stack.enter_async_context(clients_of([address] * HOW_MANY))
        with process((*SERVER, f"--port={port}"), log, **settings) as server:
            await until_ready(server, address, log)
            senders = await meet(url, clients)
            sending = asyncio.gather(*(sender.send(stopped) for sender in senders))
            stack.callback(sending.cancel)
            await asyncio.sleep(seconds)
        with process((*SERVER, f"--port={port}"), log, **settings) as server:
            await until_ready(server, address, log)
            await asyncio.sleep(seconds)
            await primary.kill()
            await asyncio.sleep(NOTICING)
            await standby.promote()
            await asyncio.sleep(seconds + NOTICING)
            stopped.set()
            async with asyncio.timeout(LONGEST):
                await sending
        return judged(senders, await stored_in(standby), await examine(standby))


async def stored_in(cluster: Cluster) -> dict[str, list[tuple[str, int]]]:
    """The messages of each job: their ids and numbers, in order."""
    async with cluster.connected() as connection:
        rows = await connection.fetch(STORED)
    return {row["job"]: list(zip(row["ids"], row["numbers"], strict=True)) for row in rows}


def judged(
    senders: Sequence[Sender],
    stored: Mapping[str, Sequence[tuple[str, int]]],
    failures: Sequence[str],
) -> Verdict:
    """The verdict on the messages that were acknowledged, and those that are there."""
    sent = {(sender.job, *message) for sender in senders for message in sender.sent.items()}
    found = [(job, *message) for job, messages in stored.items() for message in messages]
    lost, repeated = sent - set(found), len(found) - len({(job, it) for job, it, _ in found})
    failures = [*failures]
    if lost or repeated or len(found) != len(sent):
        failures.append(
            f"{len(lost)} messages were lost, {repeated} are there twice, "
            f"{len(found)} of {len(sent)} are there"
        )
    for job, messages in stored.items():
        if [number for _, number in messages] != list(range(1, len(messages) + 1)):
            failures.append(f"the numbers of the messages about job {job} have gaps")
    figures = {
        "acknowledged messages": f"{len(sent):,}, in {len(stored)} threads",
        "of which lost": f"{len(lost)}",
        "of which there twice": f"{repeated}",
        "requests that were repeated": f"{sum(sender.repeats for sender in senders):,}",
    }
    broken = "the server and the primary, by kill -9, one after the other"
    return Verdict(PROMISE, broken, figures, failures)
