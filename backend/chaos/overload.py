"""Scenario: four times as many requests as the capacity."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx

from chaos.clusters import market
from chaos.load import Answers, load
from chaos.memory import MOST_GROWTH, resident
from chaos.proxies import UNLIMITED, Replica, connections_made, proxy, replicas
from chaos.verdicts import Verdict
from chaos.writers import API, register

STEPS = (
    150,
    200,
    250,
    300,
    400,
    500,
    700,
    1000,
    1500,
    2200,
)  # requests per second, up to the capacity
TIMES, ROUNDS = 4, 3
KEPT = 0.9  # share of the highest throughput
SLOWEST, REFUSED_WITHIN = 2.0, 2.0  # seconds, of 99 %
REUSED = 0.9  # share of the requests that reach a server on an existing connection
PROMISE = (
    f"At {TIMES} times the capacity, throughput stays at {KEPT:.0%} of it or more, with 99 % of "
    f"the responses within {SLOWEST:g} s; the remaining requests are soon refused with 503. "
    f"At least {REUSED:.0%} of the requests that reach a server use an existing connection of the "
    f"proxy, and the memory of a server grows by {MOST_GROWTH:.0%} at most."
)


async def run(folder: Path, seconds: float) -> Verdict:
    """Jobs are posted through the proxy at a rising rate, then far beyond the capacity.

    Args:
        folder: For data and logs.
        seconds: The duration of each load.
    """
    service, *rest = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {service})  # inherited by the processes started here
    async with market(folder) as cluster, replicas(folder, cluster.url) as servers:
        os.sched_setaffinity(0, rest or {service})  # for the proxy and the clients
        async with proxy(folder, servers, **UNLIMITED) as address:
            request, port = await posting(address), urlsplit(address).port or 80
            peak = await highest(port, request, seconds)
            before = await Resources.used(folder, servers)
            rounds = await ask(port, request, peak, seconds)
            after = await Resources.used(folder, servers)
    os.sched_setaffinity(0, {service, *rest})
    return judge(rounds, before, after)


@dataclass(frozen=True)
class Resources:
    """Resources used by the requests up to some time.

    Attributes:
        connections: The number of connections that the proxy has made to servers.
        memory: The memory of the larger server, in MiB.
    """

    connections: int
    memory: float

    @classmethod
    async def used(cls, folder: Path, servers: Sequence[Replica]) -> "Resources":
        """The resources used up to now.

        Args:
            folder: The folder of the proxy.
            servers: The servers behind it.
        """
        memory = max(resident(server.pid) for server in servers)
        return cls(await connections_made(folder), memory)


async def ask(
    port: int, request: bytes, peak: float, seconds: float
) -> list[tuple[Answers, Answers]]:
    """Loads at the capacity and beyond it, alternately.

    Args:
        port: The port of the proxy.
        request: The request to send.
        peak: The capacity, in requests per second.
        seconds: The duration of each load.
    """
    return [
        (
            await load(port, [request], peak, seconds),
            await load(port, [request], TIMES * peak, seconds),
        )
        for _ in range(ROUNDS)
    ]


async def highest(port: int, request: bytes, seconds: float) -> float:
    """The capacity in requests per second: the throughput under a higher rate."""
    peak = 0.0
    for step in STEPS:
        served = (await load(port, [request], step, seconds)).rate(201)
        peak = max(peak, served)
        if served < KEPT * step:
            break
    return peak


class Typical:
    """Medians over several rounds, robust against other programs on the machine.

    Args:
        rounds: The responses of each round.
    """

    def __init__(self, *rounds: Answers) -> None:
        self.asked = median(map(Answers.asked, rounds))
        self.served = median(it.rate(201) for it in rounds)
        self.refused = median(it.rate(503) for it in rounds)
        self.slowest = median(it.percentile(201, 0.99) for it in rounds)
        self.last = median(it.percentile(503, 0.99) for it in rounds)
        self.unanswered = sum(it.unanswered for it in rounds)
        self.statuses = {status for it in rounds for status in it.times}


def judge(
    rounds: Sequence[tuple[Answers, Answers]], before: Resources, after: Resources
) -> Verdict:
    """The verdict on the responses under overload.

    Args:
        rounds: Responses at the capacity and beyond it.
        before: The resources used before the rounds.
        after: The resources used after them.
    """
    enough, too_much = (Typical(*answers) for answers in zip(*rounds, strict=True))
    done = sum(len(it.times.get(201, ())) for both in rounds for it in both)
    made = after.connections - before.connections
    kept = too_much.served / enough.served
    slowest, last = too_much.slowest, too_much.last
    failures = {
        f"throughput fell to {kept:.0%} of the capacity": kept < KEPT,
        f"1 % of the responses took more than {slowest:.2f} s": slowest > SLOWEST,
        f"1 % of the refusals took more than {last:.2f} s": last > REFUSED_WITHIN,
        f"{too_much.unanswered} requests got no response": too_much.unanswered > 0,
        f"the proxy made {made:,} connections for {done:,} requests": made > (1 - REUSED) * done,
        f"memory grew from {before.memory:.0f} to {after.memory:.0f} MiB": (
            after.memory > before.memory * (1 + MOST_GROWTH)
        ),
        f"statuses were {sorted(too_much.statuses)}": not too_much.statuses <= {201, 503},
    }
    figures = {
        "capacity": f"{enough.served:,.0f}/s",
        "requested": f"{too_much.asked:,.0f}/s",
        "served": f"{too_much.served:,.0f}/s, 99 % within {slowest:.2f} s",
        "refused": f"{too_much.refused:,.0f}/s, 99 % within {last:.2f} s",
        "connections made to servers": f"{made:,} for {done:,} requests",
        "memory of a server, before and after": f"{before.memory:.0f}, {after.memory:.0f} MiB",
    }
    broken = (
        "none; jobs are posted through the proxy to two servers, which share a core with the "
        "database; the proxy shares one with the clients"
    )
    return Verdict(PROMISE, broken, figures, [what for what, so in failures.items() if so])


async def posting(address: str) -> bytes:
    """The bytes of a request that posts a job."""
    async with httpx.AsyncClient(base_url=address) as client:
        await register(client, "anna")
        token = client.headers["Authorization"]
    body = json.dumps({"name": "Oven scrub", "price": "50.00"})
    head = [
        f"POST {API}/cleanings HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        f"Authorization: {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", body]).encode()
