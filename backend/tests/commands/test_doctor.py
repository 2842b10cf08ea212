"""``python -m app doctor``: how people learn that something is wrong with the data of a market."""

import asyncio
import sys

import pytest

from app.db.doctor.examination import CHECKS
from dev.postgres import free_port
from tests.factories.offers import make_offer
from tests.factories.users import Market
from tests.server import BACKEND, dsn, settings_for

pytestmark = pytest.mark.committed

TIME_LIMIT = 60


async def run(environment: dict[str, str], **changes: str) -> tuple[int | None, str]:
    """Runs the command; returns its exit status and all that it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "doctor"),
        cwd=BACKEND,
        env=environment | changes,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), TIME_LIMIT)
    return process.returncode, said.decode()


async def test_says_that_all_promises_hold(market: Market, environment: dict[str, str]) -> None:
    await make_offer(market)
    status, said = await run(environment)
    *lines, summary = said.splitlines()
    assert status == 0
    assert [line.split()[0] for line in lines] == ["holds"] * len(CHECKS)
    assert all(check.promise in said for check in CHECKS)
    assert summary.startswith(f"{len(CHECKS)} checks passed, 0 failed")


async def test_names_what_is_wrong(market: Market, environment: dict[str, str]) -> None:
    offers = [await make_offer(market) for _ in range(6)]
    await market.app.state.database.fetch("UPDATE offers SET status = 'superseded'", ())
    status, said = await run(environment)
    assert status == 1
    (broken,) = [line for line in said.splitlines() if line.startswith("BROKEN")]
    assert "offers_superseded" in broken
    assert f"6 rows: {', '.join(offer.data['id'] for offer in offers[:5])}, ..." in said
    assert f"{len(CHECKS) - 1} checks passed, 1 failed" in said


class TestWithoutADatabaseToRead:
    async def test_because_nothing_answers(self, environment: dict[str, str]) -> None:
        nowhere = f"postgresql://nobody:@127.0.0.1:{free_port()}/nothing"
        status, said = await run(environment, DATABASE_URL=nowhere)
        assert status == 2
        assert said.startswith("No database answers at ")

    async def test_because_it_is_that_of_another_version(
        self, server: str, environment: dict[str, str], empty_database: str
    ) -> None:
        url = dsn(settings_for(server, empty_database).sqlalchemy_url)
        status, said = await run(environment, DATABASE_URL=url)
        assert status == 2
        assert said == "The database lacks migrations of this version.\n"
