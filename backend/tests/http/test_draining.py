"""How the service stops as a process: first it says so, then it stops."""

import asyncio
import signal
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.events import listening_to
from tests.processes import PATIENCE, served
from tests.proxied import logged_in, token_of
from tests.server import dsn, settings_for

WORKERS = pytest.mark.parametrize("workers", [1, 2])


@pytest.fixture
def url(server: str, database_name: str) -> str:
    """The address of the database."""
    return dsn(settings_for(server, database_name).sqlalchemy_url)


@asynccontextmanager
async def ready(
    url: str, workers: int, drain_seconds: float
) -> AsyncIterator[tuple[Process, httpx.AsyncClient]]:
    """The service as it is run in production, which is ready, and a client of it."""
    environment = {
        "SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "DATABASE_URL": url,
        "DRAIN_SECONDS": str(drain_seconds),
    }
    option = "--timeout-graceful-shutdown=10"
    async with served(workers, environment, option) as (process, client):
        await until(client, 200)
        yield process, client


async def until(client: httpx.AsyncClient, status: int | None) -> None:
    """Waits until the service says whether it is ready, or until nobody listens any more."""
    async with asyncio.timeout(PATIENCE):
        while await readiness(client) != status:  # noqa: ASYNC110 (no event tells of it)
            await asyncio.sleep(0.02)


async def readiness(client: httpx.AsyncClient) -> int | None:
    try:
        return (await client.get("/readyz")).status_code
    except httpx.TransportError:
        return None


@WORKERS
async def test_says_so_and_answers_meanwhile(url: str, workers: int) -> None:
    async with ready(url, workers, PATIENCE) as (process, client):
        process.send_signal(signal.SIGTERM)
        await until(client, 503)
        for _ in range(20):
            response = await client.get("/api/v1/users/me")
            assert response.status_code == 401
        assert process.returncode is None
        assert await readiness(client) == 503


@WORKERS
async def test_stops_when_its_time_is_over(url: str, workers: int) -> None:
    async with ready(url, workers, 0.5) as (process, client):
        process.send_signal(signal.SIGTERM)
        await until(client, 503)
        await until(client, None)
        await asyncio.wait_for(process.wait(), PATIENCE)


@pytest.mark.parametrize("drain_seconds", [0, 1])
async def test_ends_requests_that_wait_for_events(url: str, drain_seconds: int) -> None:
    async with ready(url, 1, drain_seconds) as (process, client):
        token = token_of(await logged_in(client))
        waiting = asyncio.create_task(
            client.get(
                "/api/v1/feed/cleanings?after=0&wait=20",
                headers=token,
                timeout=PATIENCE,
            )
        )
        await asyncio.sleep(1)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        response = await waiting
        assert time.monotonic() - begun < 10
    assert (response.status_code, response.json()) == (200, {"items": [], "position": 0})


@WORKERS
async def test_ends_streams_of_events(url: str, workers: int) -> None:
    async with ready(url, workers, 0) as (process, client):
        address = f"{client.base_url}/api/v1/notifications/stream"
        async with listening_to(address, token_of(await logged_in(client))) as stream:
            process.send_signal(signal.SIGTERM)
            await stream.ended()
        await asyncio.wait_for(process.wait(), PATIENCE)


@pytest.mark.parametrize(
    "signals", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM], [signal.SIGTERM, signal.SIGINT]]
)
async def test_stops_at_once_for_whoever_insists(url: str, signals: list[signal.Signals]) -> None:
    async with ready(url, 1, 10 * PATIENCE) as (process, client):
        for number, expected in zip(signals, [503, None][-len(signals) :], strict=True):
            process.send_signal(number)
            await until(client, expected)
