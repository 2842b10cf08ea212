"""Scenario: the servers are replaced one after the other under load."""

import asyncio
from pathlib import Path

from chaos.clusters import market
from chaos.doctor import examine
from chaos.proxies import UNLIMITED, proxy, replicas
from chaos.verdicts import Verdict
from chaos.writers import counted, writing

PROMISE = "When the servers are replaced one after the other, no request fails."


async def run(folder: Path, seconds: float) -> Verdict:
    """Both servers are stopped and restarted under load.

    Args:
        folder: For data and logs.
        seconds: Duration of the load before and after.
    """
    clock = asyncio.get_running_loop().time
    async with (
        market(folder) as cluster,
        replicas(folder, cluster.url) as servers,
        proxy(folder, servers, **UNLIMITED) as address,
    ):
        async with writing(address) as writers:
            await asyncio.sleep(seconds)
            begun = clock()
            for server in servers:
                await server.stop()
                await server.start()
            took = clock() - begun
            await asyncio.sleep(seconds)
        lost, broken_promises = await writers.lost(cluster), await examine(cluster)
    figures = {
        **writers.figures(lost),
        "answers": counted(writers.answers),
        "duration of the replacement": f"{took:.1f} s",
        "longest time without a write": f"{writers.longest_pause(begun):.2f} s",
    }
    failures = [*lost, *writers.unexpected(), *broken_promises]
    return Verdict(PROMISE, "both servers, by SIGTERM", figures, failures)
