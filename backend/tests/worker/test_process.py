"""The worker as a process: it hears of tasks, shares them with others, and loses none."""

import asyncio
import signal
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.db.models.fields import now
from app.worker.mailers import SmtpMailer
from app.worker.process import CONCURRENCY, Worker
from app.worker.sequencer import Sequencer
from dev.postgres import free_port
from tests.factories.cleanings import make_cleaning, names
from tests.factories.sessions import expire_session
from tests.factories.tasks import LETTER, enqueue, kept, make_due, runner_for
from tests.factories.users import Market, make_user
from tests.mail import MailServer, mail_server
from tests.processes import PATIENCE, started, until_done, worker_process
from tests.server import ROLE_PASSWORD, dsn

pytestmark = pytest.mark.committed

LISTENERS = """
    FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'
"""


@asynccontextmanager
async def working(app: FastAPI, server: MailServer) -> AsyncIterator[Worker]:
    """A worker in this process, which is stopped at the end of the block."""
    settings = Settings(environment="development", **server.settings())
    database, runner = app.state.database, runner_for(app, SmtpMailer(settings), settings)
    worker = Worker(database, runner, Sequencer(database, settings, ()), "en")
    task = asyncio.create_task(worker.run())
    try:
        yield worker
        worker.stop()
        await task
    finally:
        task.cancel()


@pytest.fixture
def never_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has workers do nothing that they have no hint of."""
    monkeypatch.setattr("app.worker.process.POLL_INTERVAL", 10 * PATIENCE)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 (no event tells of what the database has)
            await asyncio.sleep(0.01)


async def said(process: Process) -> str:
    """All that a process says until it ends."""
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return output.decode()


class TestWorking:
    @pytest.mark.usefixtures("never_polling")
    async def test_begins_as_soon_as_a_task_comes(self, app: FastAPI) -> None:
        async with mail_server() as server, working(app, server):
            for number in range(3):
                await enqueue(app)
                await until_done(app)
                assert len(server.received) == number + 1

    async def test_begins_with_what_came_before(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server, working(app, server):
            await until_done(app)
        assert len(server.received) == 1

    async def test_goes_on_when_nobody_gives_it_hints(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.worker.process.POLL_INTERVAL", 0.05)
        monkeypatch.setattr("app.worker.process.CHANNEL", "another")
        async with mail_server() as server, working(app, server):
            await enqueue(app)
            await until_done(app)
        assert len(server.received) == 1

    async def test_listens_again_when_its_connection_is_lost(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def listeners() -> set[int]:
            rows = await app.state.database.fetch(f"SELECT pid {LISTENERS}", ())
            return {row["pid"] for row in rows}

        async def listens_again() -> bool:
            return bool(await listeners() - before)

        monkeypatch.setattr("app.worker.process.POLL_INTERVAL", 0.05)
        before: set[int] = set()
        async with mail_server() as server, working(app, server):
            await until(listens_again)
            before = await listeners()
            await app.state.database.fetch(f"SELECT pg_terminate_backend(pid) {LISTENERS}", ())
            await until(listens_again)

    async def test_runs_several_tasks_at_once_but_not_all(self, app: FastAPI) -> None:
        async def all_hands_are_full() -> bool:
            return len([task for task in await kept(app) if task["attempts"]]) >= CONCURRENCY

        async with mail_server() as server:
            server.goes_on.clear()
            async with working(app, server):
                for _ in range(CONCURRENCY + 2):
                    await enqueue(app)
                await until(all_hands_are_full)
                await asyncio.sleep(0.2)
                assert (
                    sorted(task["attempts"] for task in await kept(app))
                    == [0, 0] + [1] * CONCURRENCY
                )
                server.goes_on.set()
                await until_done(app)
        assert len(server.received) == CONCURRENCY + 2

    async def test_holds_no_connection_while_mail_is_sent(self, app: FastAPI) -> None:
        async def none_waits_in_a_transaction() -> bool:
            rows = await app.state.database.fetch(
                "SELECT FROM pg_stat_activity "
                "WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
                (),
            )
            return not rows

        await enqueue(app)
        async with mail_server() as server:
            server.goes_on.clear()
            async with working(app, server):
                await asyncio.wait_for(server.asked.wait(), PATIENCE)
                await until(none_waits_in_a_transaction)  # keeping house takes a moment
                server.goes_on.set()

    async def test_deletes_sessions_that_have_expired(self, market: Market) -> None:
        gone, there = [await make_user(market) for _ in range(2)]
        database = market.app.state.database
        (row,) = await database.fetch("SELECT id FROM sessions WHERE user_id = $1", [gone.id])
        await expire_session(market, row["id"])

        async def deleted() -> bool:
            rows = await database.fetch("SELECT user_id FROM sessions", ())
            return [row["user_id"] for row in rows] == [there.id]

        async with mail_server() as server, working(market.app, server):
            await until(deleted)

    async def test_erases_accounts_that_nobody_verifies(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.worker.handlers.users.ERASED_AT_ONCE", 2)
        database = market.app.state.database
        for _ in range(5):
            await make_user(market, pending_until=now() - timedelta(seconds=1))
        there = await make_user(market, pending_until=now() + timedelta(days=1))

        async def erased() -> bool:
            rows = await database.fetch("SELECT id FROM users WHERE deleted_at IS NULL", ())
            return [row["id"] for row in rows] == [there.id]

        async with mail_server() as server, working(market.app, server):
            await until(erased)

    async def test_fills_the_words_that_jobs_lack(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.worker.process.FILL_INTERVAL", 0.05)
        job = await make_cleaning(market, name="Oven scrub")
        lack = "UPDATE cleanings SET search = NULL, words_revision = NULL"
        async with mail_server() as server, working(market.app, server):
            for _ in range(2):
                await market.app.state.database.fetch(lack, ())

                async def is_found() -> bool:
                    return await names(job.owner, q="oven") == ["Oven scrub"]

                await until(is_found)

    async def test_needs_to_work_on_rows_only(self, app: FastAPI, database_role: str) -> None:
        url = app.state.engine.url.set(username=database_role, password=ROLE_PASSWORD)
        await enqueue(app)
        async with mail_server() as server, worker_process(app, server, DATABASE_URL=dsn(url)):
            await until_done(app)
        assert len(server.received) == 1


class TestStopping:
    async def test_finishes_what_was_begun_and_begins_nothing(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            server.goes_on.clear()
            async with working(app, server) as worker:
                await asyncio.wait_for(server.asked.wait(), PATIENCE)
                worker.stop()
                await enqueue(app)
                await asyncio.sleep(0.1)
                server.goes_on.set()
        assert len(server.received) == 1
        assert len(await kept(app)) == 1

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_is_what_signals_ask_for(self, app: FastAPI, number: signal.Signals) -> None:
        await enqueue(app)
        async with mail_server() as server:
            server.goes_on.clear()
            async with worker_process(app, server) as process:
                await asyncio.wait_for(server.asked.wait(), PATIENCE)
                process.send_signal(number)
                await asyncio.sleep(0.2)
                assert process.returncode is None
                server.goes_on.set()
                output = await said(process)
        assert process.returncode == 0
        assert "The worker has stopped" in output
        assert LETTER["recipient"] not in output
        assert len(server.received) == 1
        assert await kept(app) == []


class TestSharing:
    async def test_two_workers_send_each_mail_once(self, app: FastAPI) -> None:
        for _ in range(40):
            await enqueue(app)
        async with (
            mail_server() as server,
            worker_process(app, server),
            worker_process(app, server),
        ):
            await until_done(app)
        keys = Counter(message["Message-ID"] for message in server.messages)
        assert len(keys) == 40
        assert set(keys.values()) == {1}

    async def test_a_worker_that_is_killed_leaves_its_task_to_others(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            server.goes_on.clear()
            async with worker_process(app, server) as process:
                await asyncio.wait_for(server.asked.wait(), PATIENCE)
                process.kill()
                await process.wait()
            (task,) = await kept(app)
            assert task["attempts"] == 1
            await make_due(app)
            server.received.clear()
            server.goes_on.set()
            async with working(app, server):
                await until_done(app)
            assert server.messages[-1]["Message-ID"].startswith(f"<{task['id']}.1.")


class TestStarting:
    async def test_without_a_database_ends_with_a_clear_error(self) -> None:
        url = f"postgresql://anna:secret@127.0.0.1:{free_port()}/nowhere"
        environment = {"ENVIRONMENT": "development", "DATABASE_URL": url}
        async with started(environment, "app.worker", output=PIPE) as process:
            output = await said(process)
        assert process.returncode == 1
        assert output.startswith("No database answers at postgresql+asyncpg://anna:***@127.0.0.1")
        assert "Traceback" not in output

    async def test_without_a_mail_server_says_so_once(self, app: FastAPI) -> None:
        async def failed() -> bool:
            return bool((await kept(app))[0]["error"])

        await enqueue(app)
        environment: dict[str, Any] = {
            "ENVIRONMENT": "production",
            "SECRET_KEY": "0123456789abcdef0123456789abcdef",
            "SMTP_SERVER": "",
        }
        async with mail_server() as server, worker_process(app, server, **environment) as process:
            await until(failed)
            process.terminate()
            output = await said(process)
        assert process.returncode == 0
        assert output.count("SMTP_SERVER is not set") == 1
        assert [task["error"] for task in await kept(app)] == ["NoMailServer"]
