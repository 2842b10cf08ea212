"""The search vectors and languages of jobs that a server of the previous release has written."""

import asyncio
from typing import Any

import pytest
from alembic import command

from app.core.config import Settings
from app.db.models.fields import new_id
from app.db.repositories.words import AT_ONCE, WordsRepository
from tests.db.test_migrations_under_traffic import STALL, ask, connected, running_market, traffic
from tests.factories.cleanings import make_cleaning, names
from tests.factories.users import Market, make_user
from tests.invariants import broken
from tests.server import alembic_for

BEFORE, AFTER = "b1907ce35f4d", "3f6a92c4d7e1"
"""The last revision in which jobs have no language, and the first in which they have."""

MADE_BEFORE = """
    INSERT INTO cleanings (id, owner_id, name, description, price, currency, status, terms_revision,
        created_at, updated_at, version, search, search_revision)
    SELECT $1, id, 'Kitchen/bathroom', $2::text, 50, 'EUR', 'open', 1, now(), now(), 1,
        to_tsvector('english', 'Kitchen bathroom ' || $2::text), 1 FROM users LIMIT 1
"""
"""How the release before posts a job."""

EDITED_BEFORE = """
    UPDATE cleanings SET name = $2::text, terms_revision = terms_revision + 1,
        version = version + 1, search_revision = terms_revision + 1,
        search = to_tsvector('english', $2::text)
    WHERE id = $1
"""
"""How the release before edits a job."""

SOMEBODY = """
    INSERT INTO users (id, email, email_key, username, username_key, password_hash, role,
        created_at, updated_at, version)
    VALUES (gen_random_uuid(), 'anna@example.com', 'anna@example.com', 'anna', 'anna', '', 'user',
        now(), now(), 1)
"""
FILE = "SELECT pg_relation_filenode('cleanings')"
DUE = """
    SELECT count(*) FROM cleanings
    WHERE words_revision IS DISTINCT FROM terms_revision OR language IS NULL
"""


async def fill(market: Market) -> int:
    """Fills some of the search vectors that are due, and returns the number of jobs."""
    async with market.app.state.database.write() as transaction:
        return await WordsRepository(transaction, "de").fill()


class TestTheMigration:
    def test_rewrites_nothing_and_bears_the_release_before(self, own_database: Settings) -> None:
        async def played(*statements: tuple[Any, ...]) -> None:
            async with connected(own_database) as connection:
                for statement in statements:
                    await connection.execute(*statement)

        async def found(word: str) -> int:
            query = "SELECT count(*) FROM cleanings WHERE search @@ to_tsquery('english', $1)"
            async with connected(own_database) as connection:
                return int(await connection.fetchval(query, word))

        first, second = new_id(), new_id()
        with alembic_for(own_database) as config:
            command.downgrade(config, BEFORE)
            asyncio.run(played((SOMEBODY,), (MADE_BEFORE, first, "First")))
            file = asyncio.run(ask(own_database, FILE))
            command.upgrade(config, AFTER)
            assert asyncio.run(ask(own_database, FILE)) == file
            assert asyncio.run(found("first")) == 1
            edit = (EDITED_BEFORE, first, "Window")
            asyncio.run(played((MADE_BEFORE, second, "Second"), edit))
            command.upgrade(config, "head")
        assert asyncio.run(ask(own_database, DUE)) == 2


@pytest.mark.committed
class TestFilling:
    async def write_as_before(self, market: Market) -> None:
        """Has the release before post a job and edit another, which has been posted since."""
        job = await make_cleaning(market, name="Oven")
        database = market.app.state.database
        await database.fetch(MADE_BEFORE, [new_id(), "Second"])
        await database.fetch(EDITED_BEFORE, [job.data["id"], "Küche"])

    async def test_makes_what_the_release_before_leaves_out(self, market: Market) -> None:
        await self.write_as_before(market)
        reader = await make_user(market)
        assert await names(reader, q="bathrooms") == ["Kitchen/bathroom"]  # by the words of before
        assert await names(reader, q="kuche") == []
        assert [await fill(market), await fill(market)] == [2, 0]
        assert await names(reader, q="bathroom", language="de") == ["Kitchen/bathroom"]
        assert await names(reader, q="kuche", language="en") == ["Küche"]
        assert await names(reader, q="oven") == []
        languages = {job["name"]: job["language"] for job in await reader.items("/cleanings")}
        assert languages == {"Kitchen/bathroom": "de", "Küche": "en"}
        assert "cleanings_words" not in await broken(market.app)

    async def test_is_not_forgotten_when_the_job_changes_otherwise(self, market: Market) -> None:
        await self.write_as_before(market)
        (row,) = await market.app.state.database.fetch(
            "SELECT id FROM cleanings WHERE name = 'Küche'", ()
        )
        staff = await make_user(market, role="superuser")
        path = f"/admin/cleanings/{row['id']}/hiding"
        assert (await staff.post(path, {"reason": "Spam"})).is_success
        assert await fill(market) == 2

    async def test_passes_over_jobs_that_others_are_changing(self, market: Market) -> None:
        await self.write_as_before(market)
        async with market.app.state.database.write() as transaction:
            await transaction.fetch("SELECT FROM cleanings WHERE name = 'Küche' FOR UPDATE", ())
            assert await fill(market) == 1  # to wait for the lock would be an error after a second
        assert await fill(market) == 1


async def test_filling_a_market_stalls_nobody(own_database: Settings) -> None:
    async with running_market(own_database) as market:
        jobs = [await make_cleaning(market) for _ in range(4)]
        many = MADE_BEFORE.replace("$1", "gen_random_uuid()").replace("$2", "repeat('Oven ', 40)")
        rows = f"FROM users, generate_series(1, {6 * AT_ONCE}) LIMIT {6 * AT_ONCE}"
        await market.app.state.database.fetch(many.replace("FROM users LIMIT 1", rows), ())
        longest: list[float] = []
        async with traffic(jobs, longest):
            await asyncio.sleep(1)
        async with traffic(jobs, longest):
            filled = 0
            while part := await fill(market):
                filled += part
        assert filled == 6 * AT_ONCE
        normal, stalled = longest
        assert stalled - normal < 2 * STALL
