"""The pool of connections."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_engine
from tests.server import settings_for


@pytest.fixture
async def engine(server: str, database_name: str) -> AsyncIterator[AsyncEngine]:
    """An engine with a single connection."""
    settings = settings_for(server, database_name)
    engine = create_engine(settings.model_copy(update={"pool_size": 1, "pool_timeout": 0.2}))
    yield engine
    await engine.dispose()


class TestFairPool:
    async def test_serves_who_asked_first(self, engine: AsyncEngine) -> None:
        served: list[str] = []

        async def use(name: str) -> None:
            async with engine.connect():
                served.append(name)

        async with engine.connect():
            waiting = [asyncio.create_task(use(name)) for name in ("first", "second")]
            await asyncio.sleep(0)
        await use("latecomer")
        await asyncio.gather(*waiting)
        assert served == ["first", "second", "latecomer"]

    async def test_does_not_let_anyone_wait_for_ever(self, engine: AsyncEngine) -> None:
        async with engine.connect():
            with pytest.raises(PoolTimeoutError):
                await engine.connect()
        async with engine.connect() as connection:
            assert not connection.closed

    async def test_serves_the_next_when_one_gives_up(self, engine: AsyncEngine) -> None:
        async with engine.connect():
            waiting = asyncio.create_task(engine.connect().start())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with engine.connect() as connection:
            assert not connection.closed
