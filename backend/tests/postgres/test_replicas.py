"""Reading from a standby, and not from one that does not know all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.core.config import Settings
from app.core.errors import Unavailable
from app.core.lifecycle import create_start_app_handler, create_stop_app_handler
from app.postgres.database import Database
from app.postgres.faults import OutcomeUnknown
from app.postgres.replicas import Question
from app.postgres.transactions import Transaction
from chaos.clusters import Cluster, market, replicated

PATIENCE = 20.0  # seconds
READING = "SELECT pg_is_in_recovery() AS by_standby, (SELECT count(*) FROM tasks) AS known"
CANCEL = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


class Pair(NamedTuple):
    """A primary, its standby, and a service that reads from both."""

    primary: Cluster
    standby: Cluster
    database: Database

    async def read(self) -> tuple[bool, int]:
        """Whether the standby was read from, and how many rows there are."""
        (row,) = await self.database.reads.fetch(READING, ())
        return row["by_standby"], row["known"]

    async def write(self) -> None:
        """Adds a row."""
        await self.database.fetch(
            "INSERT INTO tasks (id, kind, payload, attempts, due_at, created_at) "
            "VALUES (gen_random_uuid(), 'send_mail', '{}', 0, now(), now())",
            (),
        )

    async def read_from_standby(self) -> int:
        """Reads until the standby is read from."""
        async with asyncio.timeout(PATIENCE):
            while not (read := await self.read())[0]:  # noqa: ASYNC110 (nothing notifies)
                await asyncio.sleep(0.05)
        return read[1]


@pytest.fixture(scope="module")
async def clusters(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Cluster]]:
    """A primary and a standby, which are not torn down by each test."""
    folder: Path = tmp_path_factory.mktemp("replicas")
    async with market(folder) as primary, replicated(primary, "standby") as (standby,):
        await primary.configure(synchronous_standby_names="")
        yield [primary, standby]


@pytest.fixture
async def pair(clusters: list[Cluster]) -> AsyncIterator[Pair]:
    """The two, and a service that has just started."""
    primary, standby = clusters
    settings = Settings(
        environment="development", database_url=primary.url, postgres_replicas=[standby.address]
    )
    app = FastAPI()
    await create_start_app_handler(app, settings)()
    yield Pair(primary, standby, app.state.database)
    await create_stop_app_handler(app)()


class TestCommitting:
    async def test_is_in_doubt_when_nobody_waits_for_the_standby(self, pair: Pair) -> None:
        await pair.primary.configure(synchronous_standby_names="nobody")

        async def work(transaction: Transaction) -> None:
            await transaction.fetch("SELECT pg_logical_emit_message(true, 'doubtful', '')", ())

        committing = asyncio.create_task(pair.database.run(work))
        try:
            async with asyncio.timeout(PATIENCE), pair.primary.connected() as other:
                while not await other.fetchval(CANCEL):
                    if committing.done():  # the server has not read its settings yet
                        committing = asyncio.create_task(pair.database.run(work))
                    await asyncio.sleep(0.01)
            with pytest.raises(OutcomeUnknown):
                await committing
        finally:
            await pair.primary.configure(synchronous_standby_names="")


class TestReading:
    async def test_is_done_by_the_standby(self, pair: Pair) -> None:
        assert await pair.read_from_standby() >= 0

    async def test_finds_what_was_just_written(self, pair: Pair) -> None:
        known = await pair.read_from_standby()
        for number in range(1, 101):
            await pair.write()
            assert (await pair.read())[1] == known + number

    async def test_does_not_wait_for_a_standby_that_stands_still(self, pair: Pair) -> None:
        known = await pair.read_from_standby()
        await pair.standby.execute("SELECT pg_wal_replay_pause()")
        await pair.write()
        assert await pair.read() == (False, known + 1)
        await pair.standby.execute("SELECT pg_wal_replay_resume()")
        assert await pair.read_from_standby() == known + 1

    async def test_leaves_a_standby_alone_for_longer_each_time_that_it_lags(
        self, pair: Pair
    ) -> None:
        await pair.read_from_standby()
        await pair.standby.execute("SELECT pg_wal_replay_pause()")
        with capture_logs() as logs:
            async with asyncio.timeout(PATIENCE):
                while len(rests := [log["seconds"] for log in logs if "seconds" in log]) < 3:
                    await pair.write()
                    await pair.read()
                    await asyncio.sleep(0.05)
        await pair.standby.execute("SELECT pg_wal_replay_resume()")
        assert rests == [1.0, 2.0, 4.0]
        await pair.read_from_standby()

    @pytest.mark.parametrize("ending", [Cluster.stop, Cluster.kill])
    async def test_outlasts_a_standby_that_ends(
        self, pair: Pair, ending: Callable[[Cluster], Awaitable[None]]
    ) -> None:
        known = await pair.read_from_standby()
        await ending(pair.standby)
        answers = await asyncio.gather(*(pair.read() for _ in range(20)))
        assert answers == [(False, known)] * 20
        await pair.standby.start()
        assert await pair.read_from_standby() == known

    async def test_does_not_trust_a_standby_that_has_gone_its_own_way(
        self, clusters: list[Cluster], pair: Pair
    ) -> None:
        _, standby = clusters
        await pair.read_from_standby()
        await standby.promote()
        await standby.execute("CHECKPOINT", "CREATE TABLE its_own ()")
        await pair.write()
        assert not (await pair.read())[0]


class TestAQuestion:
    async def test_is_put_once_for_all_who_ask_meanwhile_and_never_before_they_came(self) -> None:
        put = 0
        answering = asyncio.Event()

        async def ask() -> int:
            nonlocal put
            put += 1
            mine = put
            await answering.wait()
            return mine

        question = Question(ask)
        first = asyncio.create_task(question.answer())
        while not put:  # noqa: ASYNC110 (it is soon put)
            await asyncio.sleep(0)
        others = [asyncio.create_task(question.answer()) for _ in range(5)]
        await asyncio.sleep(0)
        answering.set()
        assert await first == 1
        assert await asyncio.gather(*others) == [2] * 5
        assert await question.answer() == 3

    async def test_that_fails_fails_for_those_who_asked_and_is_put_again(self) -> None:
        answers: Iterator[Unavailable | int] = iter([Unavailable(), 1])

        async def ask() -> int:
            answer = next(answers)
            if isinstance(answer, Unavailable):
                raise answer
            return answer

        question = Question(ask)
        with pytest.raises(Unavailable):
            await question.answer()
        assert await question.answer() == 1
