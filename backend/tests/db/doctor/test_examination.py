"""Each promise about the whole database, broken behind the service's back, is named."""

from string import Template

import pytest
from asyncpg import PostgresError

from app.db.doctor.examination import CHECKS, examine
from tests.db.doctor.damage import DAMAGES, ERASED
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Market
from tests.features import Damage
from tests.invariants import assert_invariants, broken

PERMITTED = "RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE"
"""Lets tables be changed, too, and checks at once what is checked at the end of a transaction."""
UNGUARDED = """
    DO $$ DECLARE it record; BEGIN
        FOR it IN SELECT conrelid::regclass AS place, conname AS name FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u')
        LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', it.place, it.name);
        END LOOP;
        FOR it IN SELECT indexrelid::regclass AS name FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = 'public'::regnamespace AND indisunique AND NOT indisprimary
        LOOP EXECUTE format('DROP INDEX %s CASCADE', it.name); END LOOP;
    END $$;
    SET LOCAL session_replication_role = replica
"""
"""Sets aside all that keeps the data from damage, until the test is undone.

Without triggers, there are no foreign keys either.
"""


async def damage(scene: Scene, done: str) -> None:
    """Changes the data as no call does.

    What keeps them from it is set aside only if it does: all statements are planned anew then,
    which takes longer than the rest of a test.
    """
    keys = {
        **scene.ids(),
        "owner_id": str(scene.job.owner.id),
        "cleaner_id": str(scene.offers["cleaner"].cleaner.id),
        "stranger_id": str(scene.stranger.id),
    }
    statements = Template(done).substitute(keys)
    async with scene.market.app.state.one_connection.connection() as connection:
        try:
            async with connection.transaction():
                await connection.execute(f"{PERMITTED}; {statements}")
        except PostgresError:
            await connection.execute(f"{PERMITTED}; {UNGUARDED}; {statements}")


def test_each_promise_can_be_broken() -> None:
    assert sorted(DAMAGES) == sorted(check.name for check in CHECKS)


@pytest.mark.parametrize(("name", "case"), DAMAGES.items(), ids=DAMAGES)
async def test_a_broken_promise_is_named(market: Market, name: str, case: Damage) -> None:
    scene = await make_scene(market, case.story)
    await damage(scene, case.done)
    assert (await broken(market.app)).keys() == {name, *case.also}


@pytest.mark.parametrize(("story", "done"), ERASED)
async def test_all_that_is_to_be_erased_is_looked_for(
    market: Market, story: str, done: str
) -> None:
    scene = await make_scene(market, story)
    await assert_invariants(market.app)
    await damage(scene, done)
    assert "users_erased" in await broken(market.app)


async def test_rows_that_break_a_promise_are_counted_and_some_are_shown(market: Market) -> None:
    scene = await make_scene(market)
    await damage(
        scene,
        "INSERT INTO links (id, user_id, purpose, email, created_at, expires_at) "
        "SELECT gen_random_uuid(), gen_random_uuid(), 'verify_email', '', now(), now() "
        "FROM generate_series(1, 7)",
    )
    findings = [it async for it in examine(market.app.state.database) if not it.holds]
    assert [(it.check.name, it.broken, len(it.examples)) for it in findings] == [
        ("references", 7, 5)
    ]
    assert all(example.startswith("links.user_id ") for example in findings[0].examples)
