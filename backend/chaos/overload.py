"""Four times as much is asked for as can be done."""

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
)  # requests per second, until no more are served
TIMES, ROUNDS = 4, 3
KEPT = 0.9  # of the most that was ever served
SLOWEST, REFUSED_WITHIN = 2.0, 2.0  # seconds, of 99 %
PROMISE = (
    f"When {TIMES} times as much is asked for as can be done, at least {KEPT:.0%} of what can be "
    f"done still is, 99 % of it within {SLOWEST:g} s; the rest is soon refused, with 503."
)


async def run(folder: Path, seconds: float) -> Verdict:
    """Jobs are posted through the proxy, more and more of them, and at last far too many.

    Args:
        folder: Where data and logs go.
        seconds: For how long each time.
    """
    service, *rest = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {service})  # for all that is now started
    async with market(folder) as cluster, replicas(folder, cluster.url) as servers:
        os.sched_setaffinity(0, rest or {service})  # for the proxy, and for those who ask
        async with proxy(folder, servers, **UNLIMITED) as address:
            rounds = await ask(address, seconds)
    os.sched_setaffinity(0, {service, *rest})
    enough, too_much = zip(*rounds, strict=True)
    return judge(Typical(*enough), Typical(*too_much))


async def ask(address: str, seconds: float) -> list[tuple[Answers, Answers]]:
    """Asks for as much as can be served, and for far too much, in turn."""
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
    """How many requests can be served per second: about as many as are, when more are sent."""
    peak = 0.0
    for step in STEPS:
        served = (await load(port, [request], step, seconds)).rate(201)
        peak = max(peak, served)
        if served < KEPT * step:
            break
    return peak


class Typical:
    """What is typical of the answers of several rounds, while other programs come and go.

    Args:
        rounds: The answers of each.
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
    """Holds the answers to far too many requests against the promise.

    Args:
        enough: What became of as many as can be served.
        too_much: What became of far too many.
    """
    kept = too_much.served / enough.served
    slowest, last = too_much.slowest, too_much.last
    failures = {
        f"only {kept:.0%} of what can be done was": kept < KEPT,
        f"of those served, 1 % waited for more than {slowest:.2f} s": slowest > SLOWEST,
        f"of those refused, 1 % waited for more than {last:.2f} s": last > REFUSED_WITHIN,
        f"{too_much.unanswered} got no answer": too_much.unanswered > 0,
        f"answers were {sorted(too_much.statuses)}": not too_much.statuses <= {201, 503},
    }
    figures = {
        "served at most": f"{enough.served:,.0f}/s",
        "then asked for": f"{too_much.asked:,.0f}/s",
        "served": f"{too_much.served:,.0f}/s, 99 % within {slowest:.2f} s",
        "refused": f"{too_much.refused:,.0f}/s, 99 % within {last:.2f} s",
    }
    broken = (
        "nothing; jobs are posted through the proxy to two servers, which share a core with the "
        "database; the proxy shares one with those who ask"
    )
    return Verdict(PROMISE, broken, figures, [what for what, so in failures.items() if so])


async def posting(address: str) -> bytes:
    """A request that posts a job, as it is sent."""
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
