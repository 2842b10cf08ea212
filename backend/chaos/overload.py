"""Scenario: four times as many requests as the capacity."""

import json
import os
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx

from chaos.clusters import market
from chaos.load import Answers, load
from chaos.proxies import UNLIMITED, proxy, replicas
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
PROMISE = (
    f"At {TIMES} times the capacity, throughput stays at {KEPT:.0%} of it or more, with 99 % of "
    f"the responses within {SLOWEST:g} s; the remaining requests are soon refused with 503."
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
            rounds = await ask(address, seconds)
    os.sched_setaffinity(0, {service, *rest})
    enough, too_much = zip(*rounds, strict=True)
    return judge(Typical(*enough), Typical(*too_much))


async def ask(address: str, seconds: float) -> list[tuple[Answers, Answers]]:
    """Loads at the capacity and beyond it, alternately."""
    request = await posting(address)
    port = urlsplit(address).port or 80
    peak = await highest(port, request, seconds)
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


def judge(enough: Typical, too_much: Typical) -> Verdict:
    """The verdict on the responses under overload.

    Args:
        enough: Responses at the capacity.
        too_much: Responses beyond it.
    """
    kept = too_much.served / enough.served
    slowest, last = too_much.slowest, too_much.last
    failures = {
        f"throughput fell to {kept:.0%} of the capacity": kept < KEPT,
        f"1 % of the responses took more than {slowest:.2f} s": slowest > SLOWEST,
        f"1 % of the refusals took more than {last:.2f} s": last > REFUSED_WITHIN,
        f"{too_much.unanswered} requests got no response": too_much.unanswered > 0,
        f"statuses were {sorted(too_much.statuses)}": not too_much.statuses <= {201, 503},
    }
    figures = {
        "capacity": f"{enough.served:,.0f}/s",
        "requested": f"{too_much.asked:,.0f}/s",
        "served": f"{too_much.served:,.0f}/s, 99 % within {slowest:.2f} s",
        "refused": f"{too_much.refused:,.0f}/s, 99 % within {last:.2f} s",
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
