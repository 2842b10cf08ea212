"""Scenario: the server, a worker and the primary fail while streams of notifications are open."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles

from chaos.clusters import Cluster, market, replicated
from chaos.doctor import examine
from chaos.listeners import Listeners, Stream, Told
from chaos.memory import resident
from chaos.services import SERVER, WORKER, process, service, until_ready
from chaos.verdicts import Verdict
from chaos.writers import clients_of
from dev.postgres import free_port

MOST_USERS, USERS_A_SECOND = 200, 40
NOTICING = 0.5  # seconds until the standby is promoted
PROMISE = (
    "Each notification arrives exactly once at each stream of its user, in order, also when the "
    "server is killed, a worker, and the primary, whose synchronous standby is promoted."
)
TOLD = """
SELECT username, array_agg(position ORDER BY position) AS positions
FROM notifications JOIN users ON users.id = user_id GROUP BY username
"""
EMPTY = "SELECT NOT EXISTS (SELECT FROM outbox)"


async def run(folder: Path, seconds: float) -> Verdict:
    """The server of the streams, a worker and the primary are killed, one after the other.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after each fault.
    """
    users, port = min(MOST_USERS, int(seconds * USERS_A_SECOND)), free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "streams.log"
    async with AsyncExitStack() as stack:
        primary = await stack.enter_async_context(market(folder))
        (standby,) = await stack.enter_async_context(replicated(primary, "standby"))
        url = primary.url.replace(primary.address, f"{primary.address},{standby.address}")
        other = await stack.enter_async_context(service(folder, url))
        *owners, cleaner = await stack.enter_async_context(clients_of([*[address] * users, other]))
        _, worker = (
            stack.enter_context(process(WORKER, folder / f"worker{n}.log", DATABASE_URL=url))
            for n in range(2)
        )
        listeners = Listeners(owners, cleaner)
        with process((*SERVER, f"--port={port}"), log, DATABASE_URL=url) as server:
            await until_ready(server, address, log)
            await listeners.meet(url)
            before = resident(server.pid)
            await stack.enter_async_context(listeners.following())
            size = (resident(server.pid) - before) * 1024 / len(listeners.streams)
            listeners.forget_lags()
            changing = asyncio.create_task(listeners.change_offers())
            stack.callback(changing.cancel)
            await asyncio.sleep(seconds)
            lags = await listeners.lags()
        with process((*SERVER, f"--port={port}"), log, DATABASE_URL=url) as server:
            await until_ready(server, address, log)
            await asyncio.sleep(seconds)
            worker.kill()
            await asyncio.sleep(seconds)
            await primary.kill()
            await asyncio.sleep(NOTICING)
            await standby.promote()
            await asyncio.sleep(seconds + NOTICING)
            changing.cancel()
            told = await told_of(standby)
            await listeners.until_told(told)
        failures = await examine(standby)
    figures = {
        "from event to arrival before the faults, median and 99th percentile": (
            f"{median(lags) * 1000:.0f} ms, {quantiles(lags, n=100)[-1] * 1000:.0f} ms"
        ),
        "memory of the server for each stream": f"{size:.0f} KiB",
    }
    return judged(listeners.streams, told, figures, failures)


async def told_of(cluster: Cluster) -> Told:
    """The notifications of all users, once all events have entered the stream."""
    await cluster.until(EMPTY)
    async with cluster.connected() as connection:
        return {row["username"]: row["positions"] for row in await connection.fetch(TOLD)}


def judged(
    streams: Sequence[Stream], told: Told, figures: Mapping[str, str], failures: Sequence[str]
) -> Verdict:
    """The verdict on what the streams have received."""
    missed = sum(len(set(told[it.owner]) - set(it.positions)) for it in streams)
    repeated = sum(len(it.positions) - len(set(it.positions)) for it in streams)
    failures = [*failures]
    if missed or repeated:
        failures.append(f"{missed} notifications were missed, {repeated} arrived more than once")
    if any(it.positions != sorted(it.positions) for it in streams):
        failures.append("notifications arrived out of order")
    figures = {
        "streams": f"{len(streams):,}, of {len(told):,} users",
        "notifications received": f"{sum(len(it.positions) for it in streams):,}",
        "of which missed": f"{missed}",
        "of which repeated": f"{repeated}",
        **figures,
    }
    broken = "the server of the streams, one of two workers and the primary, by kill -9"
    return Verdict(PROMISE, broken, figures, failures)
