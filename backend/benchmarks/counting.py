"""The number of statements of a request."""

import asyncio
import re
import time
from collections.abc import Sequence
from itertools import islice

import httpx

from benchmarks.calls import Call
from benchmarks.compare import send
from benchmarks.data import Market, rewind
from benchmarks.databases import connected
from benchmarks.server import Server, log
from benchmarks.services import Service

STATEMENT = re.compile(rb"\[\d+\] LOG:  (?:statement|execute [^:\n]+): ")
REQUESTS = 5
HEED = 0.3  # seconds for all processes of the server to reload their settings


def count_statements(
    server: Server, market: Market, services: Sequence[Service], calls: Sequence[Call]
) -> dict[str, list[float]]:
    """Counts the statements of each call in each service, BEGIN and COMMIT included.

    The counts are from PostgreSQL's log. Logging takes time, so this is a separate pass. Both
    services must have prepared their statements.

    Returns:
        Counts per request in the order of the services, by the title of the call.
    """
    counts: dict[str, list[float]] = {call.title: [] for call in calls}
    asyncio.run(configure(server, "SET log_statement = 'all'"))
    try:
        for service in services:
            for call in calls:
                counts[call.title].append(_count(service, call))
            asyncio.run(rewind(market))
    finally:
        asyncio.run(configure(server, "RESET log_statement"))
    return counts


def _count(service: Service, call: Call) -> float:
    begin = log().stat().st_size
    with httpx.Client(base_url=service.address) as client:
        for request in islice(call.requests, REQUESTS):
            send(client, request).raise_for_status()
    with log().open("rb") as file:
        file.seek(begin)
        return len(STATEMENT.findall(file.read())) / REQUESTS


async def configure(server: Server, *settings: str) -> None:
    """Changes settings of a running server.

    Args:
        server: The server.
        settings: Each of the form ``SET name = 'value'`` or ``RESET name``.
    """
    async with connected(server.url) as connection:
        for setting in settings:
            await connection.execute(f"ALTER SYSTEM {setting}")
        await connection.execute("SELECT pg_reload_conf()")
    time.sleep(HEED)  # noqa: ASYNC251 (there are no other tasks)
