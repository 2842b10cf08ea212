"""The engine: transactions that are repeated, rolled back, committed in time, or refused."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, nullcontext
from threading import Thread
from typing import Any

import pytest
from asyncpg import ReadOnlySQLTransactionError, UniqueViolationError
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text
from starlette.types import Receive, Scope, Send

from app.core.config import Settings
from app.core.errors import Conflict, Unavailable
from app.core.lifecycle import connected
from app.db.engine import create_engine
from app.db.models.profiles import Profile
from app.postgres.database import Database
from app.postgres.faults import ATTEMPTS, Contradiction
from app.postgres.pool import FairPool
from app.postgres.transactions import Transaction
from dev.postgres import free_port
from tests.factories.users import Actor, Market, make_user
from tests.rows import get
from tests.server import dsn, execute, settings_for

pytestmark = pytest.mark.committed


async def bio(market: Market, user: Actor) -> str | None:
    """What a profile says now, seen from outside of any transaction."""
    rows = await market.app.state.database.fetch(
        "SELECT bio FROM profiles WHERE user_id = $1", [user.id]
    )
    value: str | None = rows[0]["bio"]
    return value


async def write_bio(transaction: Transaction, user: Actor, words: str) -> None:
    profile = await get(transaction, Profile, user.id)
    profile.bio = words
    await transaction.flush()


class TestRunning:
    async def test_lets_both_through_after_a_deadlock(self, market: Market) -> None:
        users = [await make_user(market) for _ in range(2)]
        attempts: list[str] = []
        both = asyncio.Barrier(2)

        async def write(words: str, order: list[Actor]) -> None:
            async def work(transaction: Transaction) -> None:
                attempts.append(words)
                await transaction.fetch("SET LOCAL deadlock_timeout = '20ms'", ())
                await write_bio(transaction, order[0], words)
                if len(attempts) <= 2:
                    await both.wait()
                await write_bio(transaction, order[1], words)

            await market.app.state.database.run(work)

        await asyncio.gather(write("one", users), write("two", users[::-1]))
        assert sorted(attempts[:2]) == ["one", "two"]
        assert len(attempts) == 3
        assert {await bio(market, user) for user in users} == {attempts[2]}

    @pytest.mark.parametrize("losses", [1, ATTEMPTS - 1, ATTEMPTS])
    async def test_begins_anew_after_a_lost_race(self, market: Market, losses: int) -> None:
        user = await make_user(market)
        database: Database = market.app.state.database
        attempts = 0

        async def work(transaction: Transaction) -> None:
            nonlocal attempts
            attempts += 1
            await transaction.fetch("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", ())
            await transaction.fetch("SELECT 1", ())  # from here on it sees no other's changes
            if attempts <= losses:
                async with database.write() as rival:
                    await write_bio(rival, user, f"rival {attempts}")
            await write_bio(transaction, user, "mine")

        if losses < ATTEMPTS:
            await database.run(work)
            assert attempts == losses + 1
            assert await bio(market, user) == "mine"
        else:
            with pytest.raises(Unavailable):
                await database.run(work)
            assert attempts == ATTEMPTS
            assert await bio(market, user) == f"rival {ATTEMPTS}"

    @pytest.mark.parametrize(
        ("error", "told"),
        [(Conflict, Conflict), (KeyError, KeyError), (UniqueViolationError, Contradiction)],
    )
    async def test_undoes_what_an_error_interrupts_and_does_not_repeat_it(
        self, market: Market, error: type[Exception], told: type[Exception]
    ) -> None:
        user = await make_user(market)
        attempts = 0

        async def work(transaction: Transaction) -> None:
            nonlocal attempts
            attempts += 1
            await write_bio(transaction, user, "half done")
            if error is UniqueViolationError:
                await transaction.fetch("INSERT INTO profiles SELECT * FROM profiles", ())
            raise error

        with pytest.raises(told):
            await market.app.state.database.run(work)
        assert attempts == 1
        assert await bio(market, user) is None


class TestCommitting:
    async def test_happens_before_the_response_is_sent(self, market: Market) -> None:
        user = await make_user(market)
        seen: list[str | None] = []

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def watch(message: MutableMapping[str, Any]) -> None:
                seen.append(await bio(market, user))
                await send(message)

            await market.app(scope, receive, watch)

        headers = {"Authorization": f"Bearer {user.token}"}
        transport = ASGITransport(watched)
        async with AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
            response = await client.patch("/profiles/me", json={"bio": "Hello"}, headers=headers)
        assert response.status_code == 200
        assert set(seen) == {"Hello"}

    async def test_that_fails_is_no_success(self, market: Market) -> None:
        user = await make_user(market)
        headers = {"Authorization": f"Bearer {user.token}"}
        transport = ASGITransport(market.app, raise_app_exceptions=False)
        async with (
            market.app.state.engine.connect() as connection,
            AsyncClient(transport=transport, base_url="http://test/api/v1") as client,
        ):
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                text("ALTER TABLE cleanings ADD CONSTRAINT once UNIQUE (name) INITIALLY DEFERRED")
            )
            try:
                draft = {"name": "Oven scrub", "price": "50.00"}
                statuses = [
                    (await client.post("/cleanings", json=draft, headers=headers)).status_code
                    for _ in range(2)
                ]
            finally:
                await connection.execute(text("ALTER TABLE cleanings DROP CONSTRAINT once"))
        assert statuses == [201, 409]
        assert len(await user.items("/cleanings")) == 1


class TestLosingConnections:
    async def test_that_were_idle_does_not_show(self, market: Market) -> None:
        user = await make_user(market)
        assert set(await self.statuses(user)) == {200}
        terminate_all(market.app)
        await asyncio.sleep(0.05)  # the news arrives
        assert set(await self.statuses(user)) == {200}

    @pytest.mark.parametrize("turns", range(4))
    async def test_at_this_very_moment_is_unavailable_at_worst(
        self, market: Market, turns: int
    ) -> None:
        user = await make_user(market)
        await self.statuses(user)
        terminate_all(market.app)
        for _ in range(turns):
            await asyncio.sleep(0)
        assert set(await self.statuses(user)) <= {200, 503}
        assert set(await self.statuses(user)) == {200}

    async def statuses(self, user: Actor) -> list[int]:
        """Reads and writes ten times each, all at once."""
        reads = [user.get("/profiles/me") for _ in range(10)]
        writes = [user.patch("/profiles/me", {"bio": str(n)}) for n in range(10)]
        return [response.status_code for response in await asyncio.gather(*reads, *writes)]

    async def test_in_the_middle_of_the_work_is_unavailable(self, market: Market) -> None:
        async def work(transaction: Transaction) -> None:
            await transaction.fetch("SELECT pg_terminate_backend(pg_backend_pid())", ())

        for _ in range(2):
            with pytest.raises(Unavailable):
                await market.app.state.database.run(work)
        with pytest.raises(Unavailable):
            await market.app.state.database.fetch(
                "SELECT pg_terminate_backend(pg_backend_pid())", ()
            )
        assert (await make_user(market)).id

    @pytest.mark.parametrize("reason", ["nobody listens", "all connections are taken"])
    async def test_that_cannot_be_had_is_unavailable(self, app: FastAPI, reason: str) -> None:
        async def work(transaction: Transaction) -> None:
            await transaction.fetch("SELECT 1", ())

        url = app.state.engine.url
        if reason == "nobody listens":
            url = url.set(port=free_port())
        async with engine_of(url.render_as_string(hide_password=False)) as database:
            holder: Any = nullcontext() if reason == "nobody listens" else database.write()
            async with holder as held:
                if held is not None:
                    await work(held)
                with pytest.raises(Unavailable):
                    await database.run(work)
                with pytest.raises(Unavailable):
                    await database.fetch("SELECT 1", ())


@asynccontextmanager
async def engine_of(url: str) -> AsyncIterator[Database]:
    """A database with a single connection."""
    settings = Settings(environment="development", database_url=url)
    pool = FairPool(create_engine(settings), size=1, timeout=0.05, queue=100)
    yield Database(pool)
    await pool.close()


TERMINATE = """
DO $$ BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    WHILE (SELECT count(*) > 1 FROM pg_stat_activity WHERE datname = current_database()) LOOP
        PERFORM pg_sleep(0.01);
        PERFORM pg_stat_clear_snapshot();
    END LOOP;
END $$
"""


def terminate_all(app: FastAPI) -> None:
    """Ends all connections of the service, as a restart of PostgreSQL would.

    The service, whose event loop stands still meanwhile, has not heard of it yet.
    """
    url = app.state.engine.url
    thread = Thread(target=execute, args=(dsn(url), TERMINATE), kwargs={"database": url.database})
    thread.start()
    thread.join()


class TestSnapshots:
    async def test_show_one_moment(self, market: Market) -> None:
        user = await make_user(market)
        async with market.app.state.database.snapshot() as source:
            before = await source.fetch("SELECT bio FROM profiles", ())
            await user.patch("/profiles/me", {"bio": "Something new"})
            assert await source.fetch("SELECT bio FROM profiles", ()) == before
        assert await bio(market, user) == "Something new"

    async def test_take_the_time_that_they_need(self, server: str, database_name: str) -> None:
        hasty = settings_for(server, database_name).model_copy(update={"statement_timeout": 0.05})
        async with connected(hasty) as pool, Database(pool).snapshot() as source:
            await source.fetch("SELECT pg_sleep(0.7)", ())  # longer than the driver waits, too

    async def test_are_only_read(self, app: FastAPI) -> None:
        async with app.state.database.snapshot() as source:
            with pytest.raises(ReadOnlySQLTransactionError):
                await source.fetch("DELETE FROM tasks", ())
