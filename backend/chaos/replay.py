"""Scenario: a request is repeated whose response was lost while it waited for a replica."""

import asyncio
from pathlib import Path

import httpx

from chaos.clusters import POLL_INTERVAL, market, running
from chaos.services import service
from chaos.verdicts import Verdict
from chaos.writers import API, PATIENCE, register

PROMISE = (
    "A request repeated with its Idempotency-Key is answered only when a replica has its effects, "
    "even if the first attempt was interrupted while waiting for that; and it is done once."
)
BROKEN = "the connection of a commit, by pg_terminate_backend; the replica is down"
STANDBY = "standby"
JOBS = "SELECT count(*) FROM cleanings"
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


async def run(folder: Path, seconds: float) -> Verdict:
    """A commit that waits for a replica is interrupted, and its request is repeated.

    Args:
        folder: For data and logs.
        seconds: Time for which the second request must stay unanswered.
    """
    async with market(folder) as primary, service(folder, primary.url) as address:
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE + seconds) as client:
            await register(client, "anna")
            standby = await primary.standby(STANDBY)
            await primary.configure(synchronous_standby_names=STANDBY)
            first = asyncio.create_task(post(client))
            await primary.execute(f"SELECT pg_terminate_backend({await primary.until(WAITING)})")
            cut_off = await first
            again = asyncio.create_task(insist(client))
            await primary.until(WAITING)
            await asyncio.sleep(seconds)
            early = again.done()
            async with running(standby):
                replayed = await again
                copied = await standby.fetchval(JOBS)
        jobs = await primary.fetchval(JOBS)
    failures = {
        "the first request was acknowledged": cut_off.is_success,
        "the second was answered before the replica had the job": early,
        "the second was not answered as the first": "Idempotency-Replayed" not in replayed.headers,
        f"there are {jobs} jobs, and {copied} on the replica": (jobs, copied) != (1, 1),
    }
    figures = {
        "first answer": str(cut_off.status_code),
        "second answer": str(replayed.status_code),
        "jobs": str(jobs),
        "jobs on the replica": str(copied),
    }
    return Verdict(PROMISE, BROKEN, figures, [what for what, so in failures.items() if so])


async def post(client: httpx.AsyncClient) -> httpx.Response:
    """Posts the same job with the same key each time."""
    job, headers = {"name": "Oven scrub", "price": "50.00"}, {"Idempotency-Key": "oven"}
    return await client.post(f"{API}/cleanings", json=job, headers=headers)


async def insist(client: httpx.AsyncClient) -> httpx.Response:
    """Repeats the request until it succeeds: until then the outcome is unknown each time."""
    while not (response := await post(client)).is_success:  # noqa: ASYNC110 (no notification)
        await asyncio.sleep(POLL_INTERVAL)
    return response
