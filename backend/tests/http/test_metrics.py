"""What the service tells Prometheus."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from asyncpg import DeadlockDetectedError
from fastapi import FastAPI
from httpx import AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from app.core.errors import Unavailable
from app.postgres.faults import ATTEMPTS
from app.postgres.transactions import Transaction
from tests.clients import client_of
from tests.events import listening_to
from tests.factories.bookings import make_booking
from tests.factories.cleanings import date_back, make_cleaning
from tests.factories.notification_mails import make_recipient
from tests.factories.notifications import notify
from tests.factories.offers import make_offer
from tests.factories.tasks import enqueue
from tests.factories.users import Market, make_user
from tests.processes import another_process, same_database, served
from tests.prometheus import Scrape, told
from tests.server import dsn
from tests.sockets import listening
from tests.unreachable import client_without_database

TOKEN = "the token of whoever watches over this"
DURATION = "marketplace_http_request_duration_seconds"
START_TIMEOUT = 60.0  # seconds
LONG = 10 * START_TIMEOUT


async def scraped(client: AsyncClient) -> Scrape:
    response = await client.get("http://test/metrics")
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return Scrape(response.text)


@asynccontextmanager
async def service(app: FastAPI, **settings: Any) -> AsyncIterator[Market]:
    """A service of its own, on the database of another."""
    own = get_application(
        Settings(
            **{"environment": "development", "database_url": dsn(app.state.engine.url), **settings}
        )
    )
    async with own.router.lifespan_context(own), client_of(own) as client:
        yield Market(own, client)


@pytest.fixture
async def process(market: Market) -> AsyncIterator[Market]:
    """A process of the service that has answered nothing yet, so that it has little to tell."""
    async with another_process(market) as another:
        yield another


class TestWhoMayRead:
    async def status(self, client: AsyncClient, authorization: str | None) -> int:
        headers = {"Authorization": authorization} if authorization else {}
        return (await client.get("http://test/metrics", headers=headers)).status_code

    @pytest.mark.parametrize(
        ("authorization", "status"),
        [
            (None, 401),
            ("Bearer another", 401),
            (TOKEN, 401),
            (f"Bearer {TOKEN}x", 401),
            (f"Bearer {TOKEN}", 200),
        ],
    )
    @pytest.mark.committed
    async def test_is_who_knows_the_token(
        self, app: FastAPI, authorization: str | None, status: int
    ) -> None:
        values = {"environment": "production", "secret_key": "x" * 32, "metrics_token": TOKEN}
        async with service(app, **values) as market:
            assert await self.status(market.client, authorization) == status

    async def test_is_everyone_in_development(self, client: AsyncClient) -> None:
        assert await self.status(client, None) == 200

    @pytest.mark.committed
    async def test_is_nobody_elsewhere_unless_there_is_a_token(self, app: FastAPI) -> None:
        values = {"environment": "production", "secret_key": "x" * 32}
        async with service(app, **values) as market:
            assert await self.status(market.client, None) == 404


class TestRequests:
    @pytest.mark.parametrize(
        ("method", "path", "labels"),
        [
            ("GET", "/users/me?x=5", {"route": "/api/v1/users/me", "status": "200"}),
            ("HEAD", "/users/me", {"route": "/api/v1/users/me", "status": "200"}),
            ("GET", "/profiles/nobody", {"route": "/api/v1/profiles/{username}", "status": "404"}),
            ("DELETE", "/cleanings", {"route": "/api/v1/cleanings", "status": "405"}),
            ("GET", "/nowhere/5", {"route": "other", "status": "404"}),
            ("BREW", "/coffee", {"method": "other", "route": "other", "status": "404"}),
        ],
    )
    async def test_are_counted_by_what_the_source_calls_them(
        self, process: Market, method: str, path: str, labels: dict[str, str]
    ) -> None:
        user = await make_user(process)
        labels = {"method": method, **labels}
        before = (await scraped(process.client)).value(f"{DURATION}_count", **labels)
        await user.request(method, path)
        after = await scraped(process.client)
        assert after.value(f"{DURATION}_count", **labels) == before + 1
        assert after.value(f"{DURATION}_bucket", le="+Inf", **labels) == before + 1
        assert after.value(f"{DURATION}_sum", **labels) > 0

    async def test_that_failed_are_counted_by_the_code_of_the_problem(
        self, process: Market
    ) -> None:
        name, labels = "marketplace_http_problems_total", {"code": "unauthenticated"}
        before = (await scraped(process.client)).value(name, **labels)
        await process.client.get("/users/me")
        assert (await scraped(process.client)).value(name, **labels) == before + 1

    async def test_that_are_under_way_are_counted(self, process: Market) -> None:
        assert (await scraped(process.client)).value("marketplace_http_requests_in_flight") == 1

    @pytest.mark.committed
    async def test_that_stream_events_are_counted_while_they_are_open_and_take_no_time(
        self, process: Market
    ) -> None:
        token = {"Authorization": f"Bearer {(await make_user(process)).token}"}
        path, labels = "/api/v1/notifications/stream", {"method": "GET", "status": "200"}
        async with listening(process.app) as port:
            async with listening_to(f"http://127.0.0.1:{port}{path}", token):
                await asyncio.sleep(1)
                scrape = await scraped(process.client)
                assert scrape.value("marketplace_streams_open") == 1
            async with asyncio.timeout(2):
                while len(process.app.state.streams):  # noqa: ASYNC110 (nothing notifies)
                    await asyncio.sleep(0.01)
        scrape = await scraped(process.client)
        assert scrape.value(f"{DURATION}_count", route=path, **labels) == 1
        assert scrape.value(f"{DURATION}_sum", route=path, **labels) < 0.5


@pytest.mark.committed
class TestTheDatabase:
    async def test_that_lets_requests_wait_is_seen(self, app: FastAPI) -> None:
        async with service(app, pool_size=1, pool_timeout=LONG) as market:
            async with market.app.state.pool.connection():
                waiting = asyncio.create_task(market.app.state.database.fetch("SELECT 1", ()))
                await asyncio.sleep(0)
                scrape = await scraped(market.client)
                assert scrape.value("marketplace_db_pool_size") == 1
                assert scrape.value("marketplace_db_pool_lent") == 1
                assert scrape.value("marketplace_db_pool_waiting") == 1
            await waiting
            scrape = await scraped(market.client)
        assert scrape.value("marketplace_db_pool_lent") == 0
        assert scrape.value("marketplace_db_pool_waiting") == 0
        assert scrape.value("marketplace_db_pool_wait_seconds_count") == 2  # one was the scrape
        assert scrape.value("marketplace_db_pool_wait_seconds_sum") > 0

    async def test_that_has_transactions_begin_anew_is_seen(self, app: FastAPI) -> None:
        async def work(_: Transaction) -> None:
            raise DeadlockDetectedError

        async with service(app) as market:
            with pytest.raises(Unavailable):
                await market.app.state.database.run(work)
            scrape = await scraped(market.client)
        lost = scrape.value("marketplace_db_lost_attempts_total", sqlstate="40P01")
        assert lost == ATTEMPTS

    async def test_that_is_lost_is_told_at_once(self) -> None:
        begun = time.monotonic()
        async with client_without_database() as client:
            scrape = await scraped(client)
        assert scrape.value("marketplace_ready") == 0
        assert "marketplace_tasks_due" not in scrape.names
        assert time.monotonic() - begun < START_TIMEOUT

    async def test_that_answers_is_ready(self, app: FastAPI) -> None:
        async with service(app) as market:
            assert (await scraped(market.client)).value("marketplace_ready") == 1


class TestJobs:
    async def test_that_nobody_does_are_counted(self, app: FastAPI, process: Market) -> None:
        client = process.client
        assert (await scraped(client)).value("marketplace_tasks_oldest_due_seconds") == 0
        for _ in range(2):
            await enqueue(app)
        await app.state.database.fetch("UPDATE tasks SET due_at = now() - interval '90 s'", ())
        scrape = await scraped(client)
        assert scrape.value("marketplace_tasks_due") == 2
        assert scrape.value("marketplace_tasks_oldest_due_seconds") >= 90


class TestTheOutbox:
    async def test_that_is_not_emptied_is_told(self, market: Market) -> None:
        assert (await scraped(market.client)).value("marketplace_outbox_oldest_seconds") == 0
        await make_cleaning(market)
        database = market.app.state.database
        await database.fetch("UPDATE events SET created_at = now() - interval '90 s'", ())
        scrape = await scraped(market.client)
        assert scrape.value("marketplace_outbox_oldest_seconds") >= 90
        (row,) = await database.fetch("SELECT count(*) FROM events", ())
        assert scrape.value("marketplace_outbox_events") == row["count"]


class TestMailsOfNotifications:
    async def test_that_no_worker_takes_are_told(self, market: Market) -> None:
        name = "marketplace_notification_mails_late_seconds"
        owner = await make_recipient(market)
        await make_offer(market, await make_cleaning(market, owner))
        await notify(market)
        assert (await scraped(market.client)).value(name) == 0
        late = "UPDATE notification_mails SET due_at = now() - interval '90 s'"
        await market.app.state.database.fetch(late, ())
        assert (await scraped(market.client)).value(name) >= 90


class TestTheClock:
    async def test_that_is_late_is_told(self, market: Market, process: Market) -> None:
        async def late() -> float:
            return (await scraped(process.client)).value("marketplace_clock_late_seconds")

        assert await late() == 0
        booking = await make_booking(market)
        await date_back(market, booking.job, days=15)
        assert 24 * 3600 <= await late() < 25 * 3600
        await booking.cleaner.post(f"{booking.path}/completion-report")
        assert await late() == 0
        await market.app.state.database.fetch(
            "UPDATE bookings SET completes_at = now() - interval '1 hour'", ()
        )
        assert 3600 <= await late() < 7200
        await date_back(market, await make_cleaning(market), hours=3)
        assert 3 * 3600 <= await late() < 4 * 3600


class TestTheProcess:
    async def test_tells_of_itself(self, app: FastAPI) -> None:
        async with service(app) as market:
            await asyncio.sleep(1)
            scrape = await scraped(market.client)
        assert scrape.labels("pid") == {str(os.getpid())}
        assert scrape.value("process_resident_memory_bytes") > 1e6
        assert scrape.value("process_cpu_seconds_total") > 0
        assert scrape.value("python_gc_collections_total", generation="0") > 0
        assert scrape.value("marketplace_event_loop_lag_seconds_count") > 0


async def told_by(client: AsyncClient, number: int, *others: str) -> Scrape:
    """What so many processes tell together, when they do and are others than some."""
    async with asyncio.timeout(START_TIMEOUT):
        while True:
            scrape = await told(client)
            tellers = scrape.labels("pid")
            if len(tellers) == number and tellers.isdisjoint(others):
                return scrape
            await asyncio.sleep(0.05)


@pytest.mark.committed
class TestSeveralProcesses:
    async def test_meet_where_nobody_else_can_look(self, app: FastAPI, tmp_path: Path) -> None:
        await asyncio.to_thread(tmp_path.chmod, 0o755)
        with pytest.raises(RuntimeError, match="accessible for other users"):
            async with service(app, metrics_directory=tmp_path):
                pass

    async def test_tell_of_each_other_while_they_live(self, app: FastAPI, tmp_path: Path) -> None:
        folder = tmp_path / "metrics"
        environment = same_database(app) | {"METRICS_DIRECTORY": str(folder)}
        async with served(2, environment) as (_, client):
            dead = min((await told_by(client, 2)).labels("pid"))
            for _ in range(20):
                await client.get("/healthz")
            scrape = await told_by(client, 2)
            assert scrape.value(f"{DURATION}_count", route="/healthz") == 20
            assert scrape.value("marketplace_db_pool_size") == 20
            assert scrape.value("marketplace_ready") == 1
            assert folder.stat().st_mode & 0o777 == 0o700
            os.kill(int(dead), signal.SIGKILL)
            await told_by(client, 2, dead)  # another has taken its place
            assert not (folder / f"{dead}.sock").exists()
