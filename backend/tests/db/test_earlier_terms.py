"""Terms that an earlier release has stored: read with all fields, and completed in parts."""

import asyncio
from typing import Any

import pytest

from app.core.config import Settings
from app.db.repositories.earlier_terms import AT_ONCE, EarlierTermsRepository
from tests.db.test_migrations_under_traffic import STALL, running_market, traffic
from tests.factories.bookings import MadeBooking, make_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Market
from tests.invariants import assert_invariants
from tests.mail import mail_server
from tests.worker.test_process import until, working

TABLES = ("cleaning_revisions", "bookings")
MANY = f"""
    INSERT INTO cleaning_revisions (cleaning_id, revision, terms, editor_id, created_at)
    SELECT id, 1000 + number, '{{}}', owner_id, now()
    FROM (SELECT id, owner_id FROM cleanings LIMIT 1) job, generate_series(1, {6 * AT_ONCE}) number
"""  # noqa: S608 (a number of ours)


async def complete(market: Market) -> int:
    """Completes the terms of some rows, and says of how many."""
    async with market.app.state.database.write() as transaction:
        return await EarlierTermsRepository(transaction).complete()


async def make_earlier(market: Market) -> MadeBooking:
    """A booking of a job with an earlier revision, all with terms that lack the later fields."""
    job = await make_cleaning(market)
    await job.owner.patch(job.path, {"price": "60.00"})
    booking = await make_booking(market, await make_offer(market, job))
    for table in TABLES:
        await market.app.state.database.fetch(
            f"UPDATE {table} SET terms = terms - '{{category,extras}}'::text[]",  # noqa: S608
            (),
        )
    return booking


async def later(market: Market, table: str) -> list[Any]:
    """The later fields of the terms in a table, as they are stored."""
    rows = await market.app.state.database.fetch(
        f"SELECT (terms -> 'category')::text, (terms -> 'extras')::text FROM {table}",  # noqa: S608
        (),
    )
    return [tuple(row) for row in rows]


async def test_they_are_read_with_all_fields(market: Market) -> None:
    booking = await make_earlier(market)
    owner = booking.owner
    assert (await owner.get(booking.path)).json() == booking.data
    (revision,) = await owner.items(f"{booking.job.path}/revisions")
    export = (await owner.get("/users/me/export")).json()
    exported = export["cleanings"][0]["revisions"][0]["terms"]
    for terms in (booking.data["terms"], revision["terms"], exported):
        assert (terms["category"], terms["extras"]) == (None, [])
    await assert_invariants(market.app)


@pytest.mark.committed
class TestCompleting:
    async def test_writes_all_fields_and_keeps_the_versions(self, market: Market) -> None:
        booking = await make_earlier(market)
        before = await booking.owner.get(booking.path)
        assert [await complete(market), await complete(market)] == [2, 0]
        for table in TABLES:
            assert await later(market, table) == [("null", "[]")]
        after = await booking.owner.get(booking.path)
        assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])

    async def test_passes_over_rows_that_others_are_changing(self, market: Market) -> None:
        await make_earlier(market)
        async with market.app.state.database.write() as transaction:
            await transaction.fetch("SELECT FROM bookings FOR UPDATE", ())
            assert await complete(market) == 1  # to wait for the lock would be an error
        assert await complete(market) == 1

    async def test_is_done_by_the_worker(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.worker.process.FILL_INTERVAL", 0.05)
        await make_earlier(market)

        async def are_complete() -> bool:
            return [await later(market, table) for table in TABLES] == [[("null", "[]")]] * 2

        async with mail_server() as server, working(market.app, server):
            await until(are_complete)


async def test_completing_a_market_stalls_nobody(own_database: Settings) -> None:
    async with running_market(own_database) as market:
        jobs = [await make_cleaning(market) for _ in range(4)]
        await market.app.state.database.fetch(MANY, ())
        longest: list[float] = []
        async with traffic(jobs, longest):
            await asyncio.sleep(1)
        async with traffic(jobs, longest):
            completed = 0
            while part := await complete(market):
                completed += part
        assert completed >= 6 * AT_ONCE
        normal, stalled = longest
        assert stalled - normal < 2 * STALL
