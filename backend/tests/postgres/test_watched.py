"""Connections that notice how long statements take, and when a server no longer answers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from itertools import count
from typing import Any

import pytest
from asyncpg import DivisionByZeroError

from app.core.config import Settings
from app.core.errors import Unavailable
from app.core.lifecycle import connected
from app.core.observability.logging import configure_logging
from app.db.engine import create_engine
from app.postgres.database import Database
from app.postgres.faults import Fault, fault_of
from app.postgres.hosts import ANSWER_TIME
from app.postgres.pool import FairPool
from tests.server import settings_for

SLOW = "SELECT pg_sleep(0.05), $1::text"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def production() -> Iterator[None]:
    """A service for others."""
    configure_logging(Settings(secret_key="x" * 32, postgres_password="unused"))
    yield
    configure_logging(Settings(environment="development"))


@pytest.fixture
async def database(
    server: str, database_name: str, request: pytest.FixtureRequest
) -> AsyncIterator[Database]:
    """A database whose statements are slow from some milliseconds on."""
    settings = settings_for(server, database_name)
    settings.slow_statement_ms = getattr(request, "param", 20)
    pool = FairPool(create_engine(settings), size=1, timeout=1, queue=100)
    yield Database(pool)
    await pool.close()


def lines(capfd: Capture) -> list[dict[str, Any]]:
    said = map(json.loads, capfd.readouterr().out.splitlines())
    return [line for line in said if line["event"] == "slow_statement"]


class TestSlowStatements:
    async def test_are_logged_without_their_values(
        self, database: Database, capfd: Capture
    ) -> None:
        await database.fetch(SLOW, ["anna@example.com"])
        (line,) = lines(capfd)
        assert line["level"] == "warning"
        assert line["sql"] == SLOW
        assert line["milliseconds"] >= 50
        assert "anna" not in str(line)

    async def test_are_logged_in_transactions(self, database: Database, capfd: Capture) -> None:
        async with database.write() as transaction:
            await transaction.fetch(SLOW, ["anna@example.com"])
        assert [line["sql"] for line in lines(capfd)] == [SLOW]

    async def test_are_logged_when_they_fail(self, database: Database, capfd: Capture) -> None:
        with pytest.raises(DivisionByZeroError):
            await database.fetch("SELECT 1 / length(pg_sleep(0.05)::text)", ())
        (line,) = lines(capfd)
        assert line["milliseconds"] >= 50

    @pytest.mark.parametrize("database", [60_000], indirect=True)
    async def test_are_those_that_take_as_long(self, database: Database, capfd: Capture) -> None:
        await database.fetch(SLOW, ["anna@example.com"])
        assert lines(capfd) == []


async def ask_in_vain(database: Database) -> None:
    async with database.write() as transaction:
        await transaction.fetch("SET LOCAL statement_timeout = 0", ())
        await transaction.fetch("SELECT pg_sleep(30)", ())


async def seconds_until_given_up(database: Database) -> float:
    begun = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable):
        await ask_in_vain(database)
    return asyncio.get_running_loop().time() - begun


class TestServersThatDoNotAnswer:
    async def test_are_given_up_each_time_when_it_is_due(
        self, server: str, database_name: str
    ) -> None:
        settings = settings_for(server, database_name).model_copy(update={"statement_timeout": 0.1})
        async with connected(settings) as pool:
            database = Database(pool)
            first = asyncio.create_task(seconds_until_given_up(database))
            await asyncio.sleep(0.3)
            waited = await asyncio.gather(first, seconds_until_given_up(database))
            assert all(0.1 + ANSWER_TIME <= seconds < 5 for seconds in waited)
            assert await database.fetch("SELECT 1", ())

    async def test_are_not_blamed_for_a_busy_event_loop(
        self, server: str, database_name: str
    ) -> None:
        settings = settings_for(server, database_name).model_copy(update={"statement_timeout": 0.1})
        async with connected(settings) as pool, pool.connection() as connection:
            await connection.fetch("SELECT 1")  # prepared from now on
            statement = asyncio.ensure_future(connection.fetch("SELECT 1"))
            await asyncio.sleep(0)
            time.sleep(2 * (0.1 + ANSWER_TIME))  # noqa: ASYNC251 (nothing else runs meanwhile)
            assert await statement == [(1,)]
            assert not connection.is_closed()

    async def test_lose_the_connection_between_any_two_messages(
        self, server: str, database_name: str
    ) -> None:
        async with connected(settings_for(server, database_name)) as pool:
            lost = 0
            for steps in count():
                async with pool.connection() as connection:
                    statement = asyncio.ensure_future(connection.fetch("SELECT 1"))
                    for _ in range(steps):
                        await asyncio.sleep(0)
                    if statement.done():
                        break
                    connection.terminate()
                    await asyncio.wait([statement])
                    if error := statement.exception():  # unless its response had just arrived
                        assert fault_of(error) is Fault.LOST, error
                        lost += 1
        assert lost > 2
