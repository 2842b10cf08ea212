"""How lists of jobs are read before PostgreSQL has statistics of the tables (`ANALYZE`)."""

import pytest
from sqlalchemy import text

from tests.factories.users import Market, make_user
from tests.plans import MODES, explain, pairs_compared
from tests.statements import recorded

pytestmark = pytest.mark.committed

JOBS = 1_000
PEOPLE = 8
JOINS = 3
"""How often people are joined to a job. A plan may read all of them each time: they are few."""

MOST = JOINS * PEOPLE * JOBS
"""Pairs of rows that a plan may compare; each job with each event would be `JOBS` squared."""

LOAD = """
INSERT INTO cleanings (id, owner_id, name, price, currency, status, terms_revision, created_at,
    updated_at, version)
SELECT gen_random_uuid(), id, 'Oven scrub', n, 'EUR', 'open', 1, now(), now(), 1
FROM users, generate_series(1, :each) n;

INSERT INTO events (id, actor_id, subject, subject_id, kind, cleaning_id, payload, created_at)
SELECT gen_random_uuid(), owner_id, 'cleaning', id, 'created', id, '{}', now() FROM cleanings;
"""


@pytest.mark.parametrize("path", ["/feed/cleanings?", "/cleanings?", "/cleanings?sort=price&"])
async def test_rows_are_found_by_their_keys(market: Market, path: str) -> None:
    caller, *_ = [await make_user(market) for _ in range(PEOPLE)]
    async with market.app.state.engine.begin() as connection:
        for statement in LOAD.split(";")[:-1]:
            each = {"each": JOBS // PEOPLE} if ":each" in statement else {}
            await connection.execute(text(statement), each)
    for limit in (1, 20, 100):
        async with recorded(market.app) as heard:
            response = await caller.get(f"{path}limit={limit}")
        assert len(response.json()["items"]) == limit
        (read,) = [statement for statement in heard if statement.sql.startswith("SELECT")]
        for mode in MODES:
            plan = await explain(market.app, read, mode)
            assert pairs_compared(plan) < MOST, (mode, plan)
