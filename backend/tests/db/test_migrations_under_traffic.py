"""Migrations of a market that is in use: nobody waits for them for long, and they get through."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import asyncpg
import pytest

from app.api.server import get_application
from app.core.config import Settings
from tests.clients import client_of
from tests.db.revisions import CONCURRENTLY, TIME_LIMIT, MadeUp, finished, heard
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.users import Market
from tests.server import dsn

ADD_COLUMN = (
    'op.execute("ALTER TABLE cleanings ADD COLUMN made_up text")',
    'op.execute("ALTER TABLE cleanings DROP COLUMN made_up")',
)

READ, WRITTEN = "ACCESS SHARE", "ROW EXCLUSIVE"
WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_made_up'::regclass"
CLIENTS = 10
NORMALLY = 1.5  # seconds of traffic with no migration
STALL = 0.25  # seconds that a migration may add to the longest request
ROUNDS = 8  # what the migration does, it does in each round; what the machine does, it doesn't


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn(settings.sqlalchemy_url))
    yield connection
    await connection.close()


@asynccontextmanager
async def used(settings: Settings, mode: str) -> AsyncIterator[None]:
    """A transaction that has read or written jobs, and goes on for the time of the block."""
    async with connected(settings) as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE cleanings IN {mode} MODE")
        yield


async def ask(settings: Settings, query: str) -> Any:
    async with connected(settings) as connection:
        return await connection.fetchval(query)


async def waiting(settings: Settings) -> None:
    """Waits until somebody waits for a lock."""
    async with asyncio.timeout(TIME_LIMIT), connected(settings) as connection:
        while not await connection.fetchval(WAITING):  # noqa: ASYNC110 (the database tells nobody)
            await asyncio.sleep(0.01)


async def columns(settings: Settings) -> int:
    """How many columns of the jobs are made up."""
    query = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'made_up'"
    return int(await ask(settings, query))


@asynccontextmanager
async def running_market(settings: Settings) -> AsyncIterator[Market]:
    app = get_application(settings)
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield Market(app, client)


async def use(job: Job, over: asyncio.Event) -> float:
    """Reads and changes a job until it is over, and returns the seconds of the longest request."""
    longest, price = 0.0, 0
    while not over.is_set():
        price += 1
        for request in (job.owner.get(job.path), job.owner.patch(job.path, {"price": price})):
            begun = time.monotonic()
            response = await request
            longest = max(longest, time.monotonic() - begun)
            assert response.is_success, response.text
    return longest


@asynccontextmanager
async def traffic(jobs: list[Job], longest: list[float]) -> AsyncIterator[None]:
    """Has everyone use the market for the time of the block, then notes the longest request."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        users = [group.create_task(use(job, over)) for job in jobs]
        yield
        over.set()
    longest.append(max(user.result() for user in users))


async def upgrade_behind_a_read(settings: Settings, revision: MadeUp) -> None:
    """Runs a migration while somebody reads for so long that it has to try more than twice."""
    async with used(settings, READ):
        migration = await revision.alembic("upgrade", "head")
        for _ in range(2):
            await heard(migration, "has held cleanings")
    assert await finished(migration) == (0, ANY)


class TestAMigrationBehindALongRead:
    async def test_stalls_nobody_for_long(self, own_database: Settings, tmp_path: Path) -> None:
        revision = MadeUp(own_database, tmp_path, *ADD_COLUMN)
        stalls = []
        async with running_market(own_database) as market:
            jobs = [await make_cleaning(market) for _ in range(CLIENTS)]
            for _ in range(ROUNDS):
                longest: list[float] = []
                async with traffic(jobs, longest):
                    await asyncio.sleep(NORMALLY)
                async with traffic(jobs, longest):
                    await upgrade_behind_a_read(own_database, revision)
                assert await columns(own_database) == 1
                normal, stalled = longest
                stalls.append(stalled - normal)
                if stalls[-1] <= STALL:
                    return
                await finished(await revision.alembic("downgrade", "-1"))
        pytest.fail(f"requests were stalled for {stalls} s")

    async def test_gives_up_when_its_patience_ends(
        self, own_database: Settings, tmp_path: Path
    ) -> None:
        revision = MadeUp(own_database, tmp_path, *ADD_COLUMN)
        async with used(own_database, READ):
            migration = await revision.alembic("upgrade", "head", patience=0.5)
            status, said = await finished(migration)
        assert status == 255
        assert "FAILED: No lock in 0.5 s" in said
        assert "Traceback" not in said
        assert await columns(own_database) == 0

    async def test_is_undone_as_a_whole_before_it_is_tried_again(
        self, own_database: Settings, tmp_path: Path
    ) -> None:
        add_column, _ = ADD_COLUMN
        first = add_column.replace("cleanings", "offers")
        revision = MadeUp(own_database, tmp_path, f"{first}; {add_column}")
        await upgrade_behind_a_read(own_database, revision)
        assert await columns(own_database) == 2


class TestAnIndexMadeConcurrently:
    async def test_waits_as_long_as_it_takes_and_stalls_nobody(
        self, own_database: Settings, tmp_path: Path
    ) -> None:
        revision = MadeUp(own_database, tmp_path, CONCURRENTLY)
        async with running_market(own_database) as market:
            job = await make_cleaning(market)
            async with used(own_database, WRITTEN):
                migration = await revision.alembic("upgrade", "head")
                await waiting(own_database)
                response = await job.owner.patch(job.path, {"price": "60.00"})
                assert response.is_success, response.text
                await asyncio.sleep(2 * STALL)
            assert await finished(migration) == (0, "")
        assert await ask(own_database, VALID) is True

    async def test_is_made_anew_after_it_was_interrupted(
        self, own_database: Settings, tmp_path: Path
    ) -> None:
        revision = MadeUp(own_database, tmp_path, CONCURRENTLY)
        async with used(own_database, WRITTEN):
            migration = await revision.alembic("upgrade", "head")
            await waiting(own_database)
            await ask(own_database, f"SELECT pg_terminate_backend(({WAITING}))")
        assert (await finished(migration))[0] == 1
        assert await ask(own_database, VALID) is False
        assert await finished(await revision.alembic("upgrade", "head")) == (0, "")
        assert await ask(own_database, VALID) is True

    async def test_does_not_wait_for_those_who_wait_for_it(
        self, own_database: Settings, tmp_path: Path
    ) -> None:
        revision = MadeUp(own_database, tmp_path, CONCURRENTLY)
        async with used(own_database, WRITTEN):
            first = await revision.alembic("upgrade", "head")
            await waiting(own_database)
            second = await revision.alembic("upgrade", "head")
            await heard(second, "Another migration of this database is running")
        assert await finished(first) == (0, "")
        assert (await finished(second))[0] == 0


async def test_those_who_wait_for_a_migration_lose_patience(
    own_database: Settings, tmp_path: Path
) -> None:
    revision = MadeUp(own_database, tmp_path, *ADD_COLUMN)
    async with used(own_database, READ):
        first = await revision.alembic("upgrade", "head")
        await heard(first, "has held cleanings")
        status, said = await finished(await revision.alembic("upgrade", "head", patience=0.1))
        assert status == 255
        assert "FAILED: Another migration of this database has been running for 0.1 s" in said
    assert (await finished(first))[0] == 0
