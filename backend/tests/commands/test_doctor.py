"""``python -m app doctor``: how people learn that something is wrong with the data of a market."""

import os
import time
from pathlib import Path

import pytest

from app.core.photo_store import FolderStore, new_name
from app.db.doctor.examination import CHECKS
from dev.postgres import free_port
from tests.factories.offers import make_offer
from tests.factories.uploads import make_upload
from tests.factories.users import Market, make_user
from tests.programs import run_program
from tests.server import dsn, settings_for

pytestmark = pytest.mark.committed

ALL = len(CHECKS) + 2
"""The number of all checks: those of the tables, and two of files."""


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of the command, with an empty folder of photos."""
    return environment | {"UPLOADS_DIRECTORY": str(tmp_path)}


async def run(environment: dict[str, str], **changes: str) -> tuple[int | None, str]:
    """Runs the command; returns its exit status and all that it says."""
    return await run_program(environment | changes, "app", "doctor")


async def test_says_that_all_promises_hold(market: Market, environment: dict[str, str]) -> None:
    await make_offer(market)
    status, said = await run(environment)
    *lines, summary = said.splitlines()
    assert status == 0
    assert [line.split()[0] for line in lines] == ["holds"] * ALL
    assert all(check.promise in said for check in CHECKS)
    assert summary.startswith(f"{ALL} checks passed, 0 failed")


async def test_names_what_is_wrong(market: Market, environment: dict[str, str]) -> None:
    offers = [await make_offer(market) for _ in range(6)]
    await market.app.state.database.fetch("UPDATE offers SET status = 'superseded'", ())
    status, said = await run(environment)
    assert status == 1
    (broken,) = [line for line in said.splitlines() if line.startswith("BROKEN")]
    assert "offers_superseded" in broken
    assert f"6 rows: {', '.join(offer.data['id'] for offer in offers[:5])}, ..." in said
    assert f"{ALL - 1} checks passed, 1 failed" in said


async def test_compares_files_with_uploads(
    market: Market, environment: dict[str, str], tmp_path: Path
) -> None:
    await make_upload(await make_user(market))
    store, (old, new) = FolderStore(tmp_path), (new_name(), new_name())
    for name in (old, new):
        async with store.put(name) as sink:
            await sink.write(b"photo")
    two_days_ago = time.time() - 2 * 86400
    os.utime(tmp_path / old[:2] / old[2:4] / old, (two_days_ago, two_days_ago))
    status, said = await run(environment)
    assert status == 1
    broken = [line.split()[3] for line in said.splitlines() if line.startswith("BROKEN")]
    assert broken == ["uploads_files", "files_uploads"]
    assert f"1 row: {old}" in said
    assert new not in said


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
