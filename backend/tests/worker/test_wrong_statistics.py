"""Notifications are found step by step, whatever the statistics of PostgreSQL say."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import empty
from tests.factories.cleanings import make_cleaning
from tests.factories.notifications import notify
from tests.factories.offers import make_offer
from tests.factories.saved_searches import copy_search, save_search
from tests.factories.users import Market
from tests.plans import pairs_compared
from tests.statements import Heard, recorded

pytestmark = pytest.mark.committed

OFFERS = 30
MOST = 10_000
"""Pairs of rows that a plan may compare; each event with each offer and user would be more."""

SEARCHES = 300

TABLES = ["cleanings", "events", "offers", "stream", "users"]
PAGES_AND_ROWS = [(0, -1), (0, 0), (1, 0), (1, 1), (50, 0), (50, 5_000), (1_000, 100_000)]
"""Statistics of a table that is new, has been emptied or filled since, or is large."""

SET_STATISTICS = text(
    "UPDATE pg_class SET relpages = :pages, reltuples = :rows WHERE oid = CAST(:name AS regclass)"
    " OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = CAST(:name AS regclass))"
)


async def plan_with(
    market: Market, storing: Heard, statistics: dict[str, tuple[int, int]]
) -> dict[str, Any]:
    """The plan by which notifications are stored with some statistics: pages and rows of tables."""
    async with market.app.state.engine.connect() as connection:
        for name, (pages, rows) in statistics.items():
            arguments = {"name": name, "pages": pages, "rows": rows}
            await connection.execute(SET_STATISTICS, arguments)
        await connection.execute(text("DELETE FROM notifications"))
        driver = (await connection.get_raw_connection()).driver_connection
        sql = f"EXPLAIN (ANALYZE, FORMAT JSON) {storing.sql}"
        found = await driver.fetchval(sql, *storing.arguments)
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


async def statement_of(market: Market) -> Heard:
    """The statement that stores the notifications that are due."""
    async with recorded(market.app) as heard:
        await notify(market)
    (storing,) = [it for it in heard if "INSERT INTO notifications" in it.sql]
    return storing


async def test_no_event_is_compared_with_each_offer_and_user(market: Market) -> None:
    job, random = await make_cleaning(market), Random(1)  # noqa: S311 (no secret)
    for _ in range(OFFERS):
        await make_offer(market, job)
    storing = await statement_of(market)
    for _ in range(60):
        supposed = {table: random.choice(PAGES_AND_ROWS) for table in TABLES}
        plan = await plan_with(market, storing, supposed)
        assert pairs_compared(plan) < MOST, supposed


@pytest.mark.parametrize("statement", ["ANALYZE", "VACUUM ANALYZE"])
async def test_no_key_of_a_job_is_compared_with_each_search_and_user(
    market: Market, server: str, database_name: str, statement: str
) -> None:
    # The statistics are those of the emptied tables.
    for _ in range(2):
        await empty(server, database_name)
        async with market.app.state.pool.connection() as connection:
            await connection.execute(statement)
        await save_search(market)
        await copy_search(market, SEARCHES - 1)
        await make_cleaning(market)
    plan = await plan_with(market, await statement_of(market), {})
    assert pairs_compared(plan) < 5 * SEARCHES**2
