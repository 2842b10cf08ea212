"""Background tasks: enqueued with a change, done after it, tried again when they fail."""

import logging
from datetime import timedelta

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.core.mail import Mail
from app.db.models.kinds import TaskKind
from app.db.models.kinds.tasks import MailTask
from app.db.models.profiles import Profile
from app.db.models.tasks import DEFAULT_RETRY
from app.db.repositories.tasks import TaskRepository
from app.postgres.transactions import Transaction
from app.worker.context import Payload, TaskContext, TaskHandler
from app.worker.handlers import registered
from app.worker.mailers import NoMailer, SmtpMailer
from app.worker.tasks import TaskRunner
from tests.factories.tasks import LETTER, enqueue, kept, make_due, runner_for
from tests.factories.users import Market, make_user
from tests.mail import MailServer, deliver, mail_server
from tests.rows import get


def runner(app: FastAPI, server: MailServer) -> TaskRunner:
    """Runs tasks and sends their mail to a server."""
    settings = Settings(environment="development", **server.settings())
    return runner_for(app, SmtpMailer(settings), settings)


async def do_next(tasks: TaskRunner) -> None:
    """Runs the task that is due."""
    task = await tasks.take()
    assert task
    await tasks.run(task)


@pytest.fixture
def handled(market: Market) -> tuple[list[TaskContext], TaskRunner]:
    """The contexts that a failing handler was given, and a runner with that handler."""
    contexts: list[TaskContext] = []

    async def fail(context: TaskContext, payload: Payload) -> list[Mail]:
        contexts.append(context)
        profile = await get(context.transaction, Profile, payload["user_id"])
        profile.bio = "half done"
        await context.transaction.flush()
        raise ValueError(f"of no use to {LETTER['recipient']}")

    handlers: dict[str, TaskHandler] = {MailTask.SEND_MAIL: TaskHandler(fail)}
    settings = Settings(environment="development")
    return contexts, runner_for(market.app, NoMailer(), settings, handlers)


class TestEnqueueing:
    async def test_has_mail_sent_once(self, market: Market) -> None:
        await enqueue(market.app)
        (message,) = await deliver(market)
        assert message["To"] == LETTER["recipient"]
        assert message["Subject"] == LETTER["subject"]
        assert message.get_content() == LETTER["body"]
        assert await kept(market.app) == []
        assert await deliver(market) == []

    async def test_is_undone_with_the_change_it_belongs_to(self, market: Market) -> None:
        user = await make_user(market)

        async def work(transaction: Transaction) -> None:
            profile = await get(transaction, Profile, user.id)
            profile.bio = "changed"
            TaskRepository(transaction).enqueue(MailTask.SEND_MAIL, LETTER)
            await transaction.flush()
            raise KeyError

        with pytest.raises(KeyError):
            await market.app.state.database.run(work)
        assert await kept(market.app) == []
        assert await deliver(market) == []

    async def test_keeps_the_order(self, market: Market) -> None:
        async with market.app.state.database.write() as transaction:
            for number in range(3):
                letter = LETTER | {"subject": f"Hello {number}"}
                TaskRepository(transaction).enqueue(MailTask.SEND_MAIL, letter)
        subjects = [message["Subject"] for message in await deliver(market)]
        assert subjects == ["Hello 0", "Hello 1", "Hello 2"]

    def test_is_possible_for_each_kind_that_can_be_done(self) -> None:
        assert registered().keys() == set(TaskKind.all())


class TestTaking:
    async def test_hides_a_task_from_others(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            tasks = runner(app, server)
            assert await tasks.take()
            assert await tasks.take() is None

    async def test_passes_over_kinds_of_a_newer_version(self, app: FastAPI) -> None:
        await enqueue(app)
        await app.state.database.fetch("UPDATE tasks SET kind = 'unheard_of'", ())
        async with mail_server() as server:
            assert await runner(app, server).take() is None


class TestFailing:
    async def test_is_followed_by_another_attempt_with_the_same_mail(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            tasks = runner(app, server)
            server.answer_to_mail = "451 not now"
            await do_next(tasks)
            (task,) = await kept(app)
            assert (task["attempts"], task["error"]) == (1, "SMTPDataError")
            assert await tasks.take() is None
            await make_due(app)
            server.answer_to_mail = "250 OK"
            await do_next(tasks)
        (message,) = server.messages
        assert message["Message-ID"].startswith(f"<{task['id']}.1.")
        assert await kept(app) == []

    async def test_of_the_server_loses_nothing(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            tasks = runner(app, server)
        await do_next(tasks)
        assert (await kept(app))[0]["error"] == "SMTPConnectError"
        await make_due(app)
        async with mail_server(port=server.port) as again:
            await do_next(tasks)
        assert len(again.received) == 1

    async def test_for_a_day_keeps_the_task(
        self, app: FastAPI, caplog: pytest.LogCaptureFixture
    ) -> None:
        await enqueue(app)
        async with mail_server() as server:
            tasks = runner(app, server)
        for _ in range(DEFAULT_RETRY.attempts):
            await make_due(app)
            await do_next(tasks)
        await make_due(app)
        assert await tasks.take() is None
        (task,) = await kept(app)
        assert task["failed_at"]
        assert task["payload"]
        assert caplog.records[-1].levelno == logging.ERROR
        assert "has failed for good after attempt 32" in caplog.text

    async def test_for_good_ends_at_once(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            server.answer_to_recipient = "550 nobody here"
            tasks = runner(app, server)
            await do_next(tasks)
        assert tasks.effects.ended[Mail, "refused"] == 1
        (task,) = await kept(app)
        assert task["failed_at"]
        assert (task["attempts"], task["error"]) == (1, "MailboxRefused")

    async def test_of_each_worker_that_takes_it_ends_too(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            tasks = runner(app, server)
            for _ in range(DEFAULT_RETRY.attempts):
                await make_due(app)
                assert await tasks.take()
            await make_due(app)
            await do_next(tasks)
        assert server.received == []
        (task,) = await kept(app)
        assert task["failed_at"]
        assert task["error"] == "WorkerLost"

    async def test_for_want_of_a_server_waits_for_one(self, app: FastAPI) -> None:
        await enqueue(app)
        settings = Settings(environment="development")
        await do_next(runner_for(app, NoMailer(), settings))
        (task,) = await kept(app)
        assert (task["error"], task["failed_at"]) == ("NoMailServer", None)

    async def test_is_to_take_too_long(self, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.worker.tasks.TIME_LIMIT", 0.05)
        monkeypatch.setattr("app.worker.mailers.TIMEOUT", 0.2)
        await enqueue(app)
        async with mail_server() as server:
            server.goes_on.clear()
            await do_next(runner(app, server))
            assert (await kept(app))[0]["error"] == "TimeoutError"

    async def test_too_late_leaves_the_task_to_its_next_worker(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            tasks = runner(app, server)
            server.answer_to_mail = "451 not now"
            slow = await tasks.take()
            await make_due(app)
            assert slow
            assert await tasks.take()
            (before,) = await kept(app)
            await tasks.run(slow)
        assert await kept(app) == [before]
        assert before["due_at"] - before["created_at"] > timedelta(minutes=1)


class TestHandlers:
    async def test_leave_nothing_half_done(
        self,
        market: Market,
        handled: tuple[list[TaskContext], TaskRunner],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        contexts, tasks = handled
        user = await make_user(market)
        await enqueue(market.app, {"user_id": str(user.id)})
        await do_next(tasks)
        assert len(contexts) == 1
        (task,) = await kept(market.app)
        assert task["error"] == "ValueError"
        assert (await user.get("/profiles/me")).json()["bio"] is None
        assert "ValueError in" in caplog.text
        assert f"{__file__}, line" in caplog.text

    async def test_that_fail_put_no_address_into_the_log(
        self,
        market: Market,
        handled: tuple[list[TaskContext], TaskRunner],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        contexts, tasks = handled
        user = await make_user(market)
        await enqueue(market.app, {"user_id": str(user.id)} | LETTER)
        await do_next(tasks)
        assert contexts
        assert caplog.text
        assert LETTER["recipient"] not in caplog.text
        assert LETTER["body"].strip() not in caplog.text
