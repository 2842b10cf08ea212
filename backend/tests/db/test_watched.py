"""Connections that notice how long statements take."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from asyncpg import DivisionByZeroError

from app.core.config import Settings
from app.core.logging import configure_logging
from app.db.engine import Database, create_engine
from app.db.pool import FairPool
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
