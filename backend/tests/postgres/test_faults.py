"""What becomes of the database's errors: each is provoked, and none is a 500."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.core.errors import Invalid, MarketplaceError, Unavailable
from app.db.engine import create_engine
from app.postgres.database import Database
from app.postgres.faults import Contradiction, OutcomeUnknown, fault_of
from app.postgres.pool import FairPool
from app.postgres.transactions import Transaction
from tests.factories.users import Market, make_user
from tests.server import settings_for

pytestmark = pytest.mark.committed

RAISE = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{}', MESSAGE = 'Provoked'; END $$"
ENDING = "pg_terminate_backend(pg_backend_pid())"
JOB = {"name": "Oven scrub", "price": "50.00"}


@pytest.fixture
async def database(server: str, database_name: str) -> AsyncIterator[Database]:
    """The test's own way to the database, where nothing may take long."""
    settings = settings_for(server, database_name).model_copy(
        update={"statement_timeout": 0.2, "lock_timeout": 0.1}
    )
    pool = FairPool(create_engine(settings), size=2, timeout=5, queue=100)
    yield Database(pool)
    await pool.close()


async def run(database: Database, *statements: str) -> int:
    """Runs statements as a unit of work; returns how often that was tried."""
    attempts = 0

    async def work(transaction: Transaction) -> None:
        nonlocal attempts
        attempts += 1
        for statement in statements:
            await transaction.fetch(statement, ())

    try:
        await database.run(work)
    except MarketplaceError as error:
        error.members["attempts"] = attempts
        raise
    return attempts


class TestAFault:
    @pytest.mark.parametrize(
        ("state", "told", "attempts"),
        [
            ("40001", Unavailable, 3),
            ("40P01", Unavailable, 3),
            ("53100", Unavailable, 1),
            ("53200", Unavailable, 1),
            ("55P03", Unavailable, 1),
            ("57014", Unavailable, 1),
            ("58030", Unavailable, 1),
            ("23503", Contradiction, 1),
            ("23505", Contradiction, 1),
            ("23P01", Contradiction, 1),
            ("23502", Invalid, 1),
            ("23514", Invalid, 1),
            ("22021", Invalid, 1),
            ("22003", Invalid, 1),
        ],
    )
    async def test_is_told_by_its_state(
        self, database: Database, state: str, told: type[MarketplaceError], attempts: int
    ) -> None:
        with pytest.raises(told) as caught:
            await run(database, RAISE.format(state))
        assert caught.value.members["attempts"] == attempts

    async def test_that_lasts_is_not_tried_again_outside_of_transactions(
        self, database: Database
    ) -> None:
        await database.fetch("CREATE SEQUENCE IF NOT EXISTS attempts", ())
        await database.fetch("SELECT setval('attempts', 1)", ())
        with pytest.raises(Unavailable):
            await database.fetch("SELECT nextval('attempts'), pg_sleep(5)", ())
        (row,) = await database.fetch("SELECT last_value FROM attempts", ())
        assert row["last_value"] == 2
        await database.fetch("DROP SEQUENCE attempts", ())

    @pytest.mark.parametrize("state", ["08006", "25006", "25P03", "53300", "57P01", "57P03"])
    async def test_of_the_connection_is_tried_again_for_a_while(
        self, database: Database, state: str
    ) -> None:
        started = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable) as caught:
            await run(database, RAISE.format(state))
        assert caught.value.members["attempts"] > 3
        assert 1 < asyncio.get_running_loop().time() - started < 5

    async def test_of_our_own_is_no_fault_of_the_database(self, database: Database) -> None:
        with pytest.raises(asyncpg.UndefinedColumnError) as caught:
            await run(database, "SELECT nothing")
        assert fault_of(caught.value) is None

    async def test_is_a_statement_that_takes_too_long(self, database: Database) -> None:
        with pytest.raises(Unavailable) as caught:
            await run(database, "SELECT pg_sleep(5)")
        assert isinstance(caught.value.__cause__, asyncpg.QueryCanceledError)

    async def test_is_a_lock_that_others_keep(self, market: Market, database: Database) -> None:
        locking = "SELECT 1 FROM users FOR UPDATE"
        await make_user(market)
        async with database.write() as holder:
            await holder.fetch(locking, ())
            with pytest.raises(Unavailable) as caught:
                await run(database, locking)
        assert isinstance(caught.value.__cause__, asyncpg.LockNotAvailableError)

    async def test_is_a_plan_that_a_migration_has_made_useless(self, database: Database) -> None:
        await run(database, "CREATE TABLE IF NOT EXISTS passing (one int)")
        reading = "SELECT * FROM passing"
        try:
            await run(database, reading)
            await run(database, "ALTER TABLE passing ADD COLUMN two int")
            assert await run(database, reading) == 2
        finally:
            await run(database, "DROP TABLE passing")


class TestALostConnection:
    async def test_before_the_commit_is_not_noticed(self, market: Market) -> None:
        user = await make_user(market)
        attempts = 0

        async def work(transaction: Transaction) -> None:
            nonlocal attempts
            attempts += 1
            await transaction.fetch("UPDATE profiles SET bio = coalesce(bio, '') || '+'", ())
            if attempts == 1:
                await transaction.fetch(f"SELECT {ENDING}", ())

        await market.app.state.database.run(work)
        assert attempts == 2
        assert (await user.get("/profiles/me")).json()["bio"] == "+"

    async def test_in_a_read_is_not_noticed(self, market: Market) -> None:
        await market.app.state.database.fetch("CREATE SEQUENCE times", ())
        once = f"SELECT CASE nextval('times') WHEN 1 THEN {ENDING} END"
        try:
            await market.app.state.database.fetch(once, ())
        finally:
            await market.app.state.database.fetch("DROP SEQUENCE times", ())

    @pytest.mark.parametrize("happening", [f"PERFORM {ENDING}", "RAISE WARNING 'It may be lost'"])
    async def test_while_committing_is_an_unknown_outcome(
        self, market: Market, happening: str
    ) -> None:
        user = await make_user(market)
        async with at_commit(market, happening):
            response = await user.post("/cleanings", JOB)
        assert response.status_code == 503
        assert response.json()["code"] == OutcomeUnknown.code
        assert response.headers["Retry-After"] == "1"

    async def test_is_not_tried_again_where_it_may_have_been_committed(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        async with at_commit(market, "RAISE WARNING 'It may be lost'"):
            await user.post("/cleanings", JOB)
        assert len(await user.items("/cleanings")) == 1


@asynccontextmanager
async def at_commit(market: Market, happening: str) -> AsyncIterator[None]:
    """Has something happen whenever a transaction that posts a job is committed."""
    fetch = market.app.state.database.fetch
    await fetch(
        "CREATE FUNCTION happen() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN {happening}; RETURN NULL; END $$",
        (),
    )
    await fetch(
        "CREATE CONSTRAINT TRIGGER happening AFTER INSERT ON cleanings "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION happen()",
        (),
    )
    try:
        yield
    finally:
        await fetch("DROP FUNCTION happen() CASCADE", ())
