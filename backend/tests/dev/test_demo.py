"""The demonstration market, planted in the real service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.api.server import get_application
from app.core.config import Settings
from app.db.models import metadata
from dev.demo import FEWEST_USERS, main, plant
from dev.demo_jobs import FATES
from dev.demo_people import PASSWORD, DemoError, Person
from dev.postgres import free_port
from tests.factories.categories import load_shipped
from tests.invariants import assert_invariants

pytestmark = pytest.mark.committed

USERS = 8
JOBS = len(FATES) + 2
SOON = timedelta(seconds=6)


@asynccontextmanager
async def visiting(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that knows where the service is, and nothing else."""
    await load_shipped(app)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service."""
    async with visiting(app) as client:
        yield client


WHAT = (
    "username, full_name, bio, phone_number, image FROM users JOIN profiles ON user_id = id",
    "cleanings.*, username FROM cleanings JOIN users ON users.id = owner_id",
    "packages.*, username FROM packages JOIN users ON users.id = seller_id",
    "orders.*, username FROM orders JOIN users ON users.id = customer_id",
    "order_items.* FROM order_items",
    "offers.*, username FROM offers JOIN users ON users.id = cleaner_id",
    "evaluations.*, username FROM evaluations JOIN users ON users.id = subject_id",
    "of_profile, place, package_id IS NULL, username FROM uploads JOIN users ON users.id = user_id",
    "cleaning_posts.*, username FROM cleaning_posts JOIN users ON users.id = author_id",
    "messages.*, username FROM messages JOIN users ON users.id = sender_id",
    "kind, words, username FROM reports JOIN users ON users.id = reporter_id",
)


WRITTEN = """
    SELECT language, name AS text FROM cleanings
    UNION ALL SELECT language, description FROM cleanings
    UNION ALL SELECT language, text FROM cleaning_posts JOIN cleanings ON cleaning_id = cleanings.id
    UNION ALL SELECT language, message FROM offers JOIN cleanings ON cleaning_id = cleanings.id
        WHERE message IS NOT NULL
    UNION ALL SELECT language, text FROM messages JOIN cleanings ON cleaning_id = cleanings.id
"""
"""The texts of the jobs and of all that belongs to them, with the language of the job."""


async def found(app: FastAPI, what: str) -> list[str]:
    """What a query finds, apart from what is new each time: ids and moments."""
    rows = await app.state.database.fetch(f"SELECT {what}", ())
    return sorted(
        str({key: value for key, value in row.items() if not key.endswith(("id", "_at"))})
        for row in rows
    )


async def look(app: FastAPI) -> list[list[str]]:
    """All that chance has decided."""
    return [await found(app, what) for what in WHAT]


class TestPlanting:
    async def test_fills_the_market_with_everything_there_can_be(
        self, app: FastAPI, visitor: httpx.AsyncClient
    ) -> None:
        steps: list[str] = []
        await plant(
            visitor,
            USERS,
            JOBS,
            2,
            registered=lambda: steps.append("person"),
            lived=lambda: steps.append("job"),
            soon=SOON,
        )
        assert steps == ["person"] * USERS + ["job"] * JOBS
        for table, column, states in (
            ("cleanings", "status", {"open", "booked", "completed", "cancelled", "expired"}),
            ("cleanings", "language", {"en", "de"}),
            ("offers", "status", {"pending", "accepted", "rejected", "withdrawn", "superseded"}),
            ("bookings", "status", {"scheduled", "completed", "cancelled", "no_show"}),
            ("bookings", "cancelled_by", {"None", "owner", "cleaner"}),
            ("evaluations", "no_show", {"True", "False"}),
            ("cleaning_revisions", "revision", {"1", "2"}),
            ("cleaning_posts", "answers", {"0", "1", "2"}),
            ("cleaning_posts", "revision", {"1", "2"}),
            ("package_posts", "answers", {"0", "1"}),
            ("cleanings", "category IS NULL AND NOT ordered", {"False"}),
            ("cleanings", "extras = '[]'", {"True", "False"}),
            ("events", "kind = 'ticked'", {"True", "False"}),
            ("packages", "status", {"draft", "published", "paused", "archived"}),
            ("uploads", "cleaning_id IS NULL AND NOT of_profile", {"True", "False"}),
            ("uploads", "of_profile", {"True", "False"}),
            ("threads", "messages", {"5"}),
            ("reports", "status", {"waiting"}),
            ("reports", "reporter_id IS NULL", {"True", "False"}),
            ("orders", "status", {"placed", "accepted", "declined", "cancelled"}),
        ):
            rows = await app.state.database.fetch(
                f"SELECT {column} AS it FROM {table}",  # noqa: S608 (all parts are our own)
                (),
            )
            assert {str(row["it"]) for row in rows} == states
        await assert_invariants(app)

    async def test_gives_the_same_market_for_the_same_seed(
        self, app: FastAPI, visitor: httpx.AsyncClient
    ) -> None:
        await plant(visitor, USERS, JOBS, 1, soon=SOON)
        before = await look(app)
        async with app.state.engine.begin() as connection:
            await connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))
        await load_shipped(app)
        await plant(visitor, USERS, JOBS, 1, soon=SOON)
        assert await look(app) == before

    async def test_again_needs_another_seed(self, app: FastAPI, visitor: httpx.AsyncClient) -> None:
        await plant(visitor, USERS, 1, 1, soon=timedelta())
        before = await look(app)
        with pytest.raises(DemoError, match="this seed was used here before"):
            await plant(visitor, USERS, 1, 1, soon=timedelta())
        assert await look(app) == before
        await plant(visitor, USERS, 1, 2, soon=timedelta())
        assert len((await look(app))[0]) == 2 * USERS

    async def test_speaks_the_language_of_the_market(
        self, own_database: Settings, tmp_path: Path
    ) -> None:
        korean = {"language": "ko", "uploads_directory": tmp_path}
        app = get_application(own_database.model_copy(update=korean))
        async with app.router.lifespan_context(app), visiting(app) as visitor:
            planted = await plant(visitor, FEWEST_USERS, 6, 9, soon=timedelta())
            rows = await app.state.database.fetch(WRITTEN, ())
            found = await planted.customer("GET", "/cleanings?q=청소&status=any")
        assert {row["language"] for row in rows} == {"ko", "en"}
        for row in rows:
            assert row["text"].isascii() == (row["language"] == "en"), row["text"]
        assert found["items"]
        assert {job["language"] for job in found["items"]} == {"ko"}

    async def test_names_two_people_to_be(self, visitor: httpx.AsyncClient) -> None:
        planted = await plant(visitor, USERS, JOBS, 1, soon=SOON)
        assert await self.items(visitor, planted.customer, "/cleanings?owner=me&status=any")
        assert await self.items(visitor, planted.cleaner, "/offers")

    async def items(self, visitor: httpx.AsyncClient, person: Person, path: str) -> list[Any]:
        """A list that somebody sees who logs in with what was printed."""
        form = {"username": person.username, "password": PASSWORD}
        token = (await visitor.post("/api/v1/auth/token", data=form)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        items: list[Any] = (await visitor.get(f"/api/v1{path}", headers=headers)).json()["items"]
        return items


def test_says_where_to_look_when_nothing_answers() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(SystemExit, match=f"Nothing answers at {url}.*make run.*--url"):
        main(["--url", url])
