"""The pool of connections."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.core.errors import Unavailable
from app.db.engine import create_engine
from app.postgres.pool import FairPool
from tests.server import settings_for


@pytest.fixture
async def pool(server: str, database_name: str) -> AsyncIterator[FairPool]:
    """A pool with a single connection."""
    settings = settings_for(server, database_name)
    pool = FairPool(create_engine(settings), size=1, timeout=0.2, queue=100)
    yield pool
    await pool.close()


async def process_id(pool: FairPool) -> int:
    """Which connection the pool lends."""
    async with pool.connection() as connection:
        number: int = connection.get_server_pid()
        return number


class TestFairPool:
    async def test_serves_who_asked_first(self, pool: FairPool) -> None:
        served: list[str] = []

        async def use(name: str) -> None:
            async with pool.connection():
                served.append(name)

        async with pool.connection():
            waiting = [asyncio.create_task(use(name)) for name in ("first", "second")]
            await asyncio.sleep(0)
        await use("latecomer")
        await asyncio.gather(*waiting)
        assert served == ["first", "second", "latecomer"]

    async def test_does_not_let_anyone_wait_for_ever(self, pool: FairPool) -> None:
        async with pool.connection():
            with pytest.raises(Unavailable):
                await process_id(pool)
        assert await process_id(pool)

    async def test_serves_the_next_when_one_gives_up(self, pool: FairPool) -> None:
        async with pool.connection():
            waiting = asyncio.create_task(process_id(pool))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        assert await process_id(pool)

    async def test_lends_a_connection_again(self, pool: FairPool) -> None:
        assert await process_id(pool) == await process_id(pool)

    async def test_lends_no_connection_that_was_left_in_a_transaction(self, pool: FairPool) -> None:
        async with pool.connection() as connection:
            await connection.execute("BEGIN")
            left = connection.get_server_pid()
        assert await process_id(pool) != left

    async def test_reads_json_as_it_is(self, pool: FairPool) -> None:
        async with pool.connection() as connection:
            assert await connection.fetchval("""SELECT '{"a": [1]}'::jsonb""") == {"a": [1]}
