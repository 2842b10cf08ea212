"""Four times as much is asked for as can be done."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from chaos.clusters import market
from chaos.load import Answers, load
from chaos.proxies import proxy, replicas
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
TIMES = 4
KEPT = 0.9  # of the most that was ever served
SLOWEST, REFUSED_WITHIN = 2.0, 2.0  # seconds, of 99 %
UNLIMITED = {"REQUESTS_PER_ADDRESS": "10000000", "WRITES_PER_ADDRESS": "10000000"}
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
    async with (
        market(folder) as cluster,
        replicas(folder, cluster.url) as servers,
        proxy(folder, servers, **UNLIMITED) as address,
    ):
        request = await posting(address)
        os.sched_setaffinity(0, rest or {service})  # those who ask are no burden to it
        port = urlsplit(address).port or 80
        peak = 0.0
        for step in STEPS:
            served = (await load(port, [request], step, seconds)).rate(201)
            peak = max(peak, served)
            if served < KEPT * step:
                break
        answers = await load(port, [request], TIMES * peak, seconds)
    os.sched_setaffinity(0, {service, *rest})
    return judge(peak, answers)


def judge(peak: float, answers: Answers) -> Verdict:
    """Holds the answers to far too many requests against the promise.

    Args:
        peak: How many were served per second when it was most.
        answers: What became of too many.
    """
    served, refused = answers.rate(201), answers.rate(503)
    slowest, last = answers.percentile(201, 0.99), answers.percentile(503, 0.99)
    failures = {
        f"only {served / peak:.0%} of the peak were served": served < KEPT * peak,
        f"of those served, 1 % waited for more than {slowest:.2f} s": slowest > SLOWEST,
        f"of those refused, 1 % waited for more than {last:.2f} s": last > REFUSED_WITHIN,
        f"{answers.unanswered} got no answer": answers.unanswered > 0,
        f"answers were {sorted(answers.times)}": not answers.times.keys() <= {201, 503},
    }
    figures = {
        "served at most": f"{peak:,.0f}/s",
        "then asked for": f"{TIMES * peak:,.0f}/s",
        "served": f"{served:,.0f}/s, 99 % within {slowest:.2f} s",
        "refused": f"{refused:,.0f}/s, 99 % within {last:.2f} s",
    }
    broken = "nothing; more and more jobs are posted through the proxy to two servers"
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
