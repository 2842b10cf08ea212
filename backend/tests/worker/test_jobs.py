"""Background jobs: enqueued with a change, done after it, tried again when they fail."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.core.mail import Mail
from app.db.models.jobs import ATTEMPTS, JobKind
from app.db.models.profiles import Profile
from app.db.repositories.jobs import JobRepository
from app.postgres.transactions import Transaction
from app.worker.handlers import HANDLERS, Desk, Payload
from app.worker.jobs import Jobs
from app.worker.mailers import NoMailer, SmtpMailer
from tests.factories.jobs import LETTER, enqueue, kept, make_due
from tests.factories.users import Market, make_user
from tests.mail import MailServer, deliver, mail_server
from tests.rows import get


def jobs_for(app: FastAPI, server: MailServer) -> Jobs:
    """What does jobs and sends their mail to a server."""
    settings = Settings(environment="development", **server.settings())
    return Jobs(app.state.database, SmtpMailer(settings), settings)


async def do_next(jobs: Jobs) -> None:
    """Does the job that is due."""
    job = await jobs.take()
    assert job
    await jobs.do(job)


@pytest.fixture
def handled() -> Iterator[list[Desk]]:
    """Has a handler fail, and tells what it was given."""
    desks: list[Desk] = []

    async def fail(desk: Desk, payload: Payload) -> list[Mail]:
        desks.append(desk)
        profile = await get(desk.transaction, Profile, payload["user_id"])
        profile.bio = "half done"
        await desk.transaction.flush()
        raise ValueError(f"of no use to {LETTER['recipient']}")

    with mock.patch.dict(HANDLERS, {JobKind.SEND_MAIL: fail}):
        yield desks


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
            JobRepository(transaction).enqueue(JobKind.SEND_MAIL, LETTER)
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
                JobRepository(transaction).enqueue(JobKind.SEND_MAIL, letter)
        subjects = [message["Subject"] for message in await deliver(market)]
        assert subjects == ["Hello 0", "Hello 1", "Hello 2"]

    def test_is_possible_for_each_kind_that_can_be_done(self) -> None:
        assert HANDLERS.keys() == set(JobKind)


class TestTaking:
    async def test_hides_a_job_from_others(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            jobs = jobs_for(app, server)
            assert await jobs.take()
            assert await jobs.take() is None

    async def test_passes_over_kinds_of_a_newer_version(self, app: FastAPI) -> None:
        await enqueue(app)
        await app.state.database.fetch("RESET ROLE", ())  # the service itself may not do this
        await app.state.database.fetch("ALTER TABLE jobs DROP CONSTRAINT ck_jobs_kind", ())
        await app.state.database.fetch("UPDATE jobs SET kind = 'unheard_of'", ())
        async with mail_server() as server:
            assert await jobs_for(app, server).take() is None


class TestFailing:
    async def test_is_followed_by_another_attempt_with_the_same_mail(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            jobs = jobs_for(app, server)
            server.answer_to_mail = "451 not now"
            await do_next(jobs)
            (job,) = await kept(app)
            assert (job["attempts"], job["error"]) == (1, "SMTPDataError")
            assert await jobs.take() is None
            await make_due(app)
            server.answer_to_mail = "250 OK"
            await do_next(jobs)
        (message,) = server.messages
        assert message["Message-ID"] == f"<{job['id']}.1@localhost>"
        assert await kept(app) == []

    async def test_of_the_server_loses_nothing(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            jobs = jobs_for(app, server)
        await do_next(jobs)
        assert (await kept(app))[0]["error"] == "SMTPConnectError"
        await make_due(app)
        async with mail_server(port=server.port) as again:
            await do_next(jobs)
        assert len(again.received) == 1

    async def test_for_a_day_keeps_the_job(
        self, app: FastAPI, caplog: pytest.LogCaptureFixture
    ) -> None:
        await enqueue(app)
        async with mail_server() as server:
            jobs = jobs_for(app, server)
        for _ in range(ATTEMPTS):
            await make_due(app)
            await do_next(jobs)
        await make_due(app)
        assert await jobs.take() is None
        (job,) = await kept(app)
        assert job["failed_at"]
        assert job["payload"]
        assert caplog.records[-1].levelno == logging.ERROR
        assert "has failed for good after attempt 32" in caplog.text

    async def test_for_good_ends_at_once(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            server.answer_to_recipient = "550 nobody here"
            await do_next(jobs_for(app, server))
        (job,) = await kept(app)
        assert job["failed_at"]
        assert (job["attempts"], job["error"]) == (1, "Undeliverable")

    async def test_of_each_worker_that_takes_it_ends_too(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            jobs = jobs_for(app, server)
            for _ in range(ATTEMPTS):
                await make_due(app)
                assert await jobs.take()
            await make_due(app)
            await do_next(jobs)
        assert server.received == []
        (job,) = await kept(app)
        assert job["failed_at"]
        assert job["error"] == "WorkerLost"

    async def test_for_want_of_a_server_waits_for_one(self, app: FastAPI) -> None:
        await enqueue(app)
        settings = Settings(environment="development")
        await do_next(Jobs(app.state.database, NoMailer(), settings))
        (job,) = await kept(app)
        assert (job["error"], job["failed_at"]) == ("NoMailServer", None)

    async def test_is_to_take_too_long(self, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.worker.jobs.TIME_LIMIT", 0.05)
        monkeypatch.setattr("app.worker.mailers.TIMEOUT", 0.2)
        await enqueue(app)
        async with mail_server() as server:
            server.goes_on.clear()
            await do_next(jobs_for(app, server))
            assert (await kept(app))[0]["error"] == "TimeoutError"

    async def test_too_late_leaves_the_job_to_its_next_worker(self, app: FastAPI) -> None:
        await enqueue(app)
        async with mail_server() as server:
            jobs = jobs_for(app, server)
            server.answer_to_mail = "451 not now"
            slow = await jobs.take()
            await make_due(app)
            assert slow
            assert await jobs.take()
            (before,) = await kept(app)
            await jobs.do(slow)
        assert await kept(app) == [before]
        assert before["due_at"] - before["created_at"] > timedelta(minutes=1)


class TestHandlers:
    async def test_leave_nothing_half_done(
        self, market: Market, handled: list[Desk], caplog: pytest.LogCaptureFixture
    ) -> None:
        user = await make_user(market)
        await enqueue(market.app, {"user_id": str(user.id)})
        async with mail_server() as server:
            await do_next(jobs_for(market.app, server))
        assert len(handled) == 1
        (job,) = await kept(market.app)
        assert job["error"] == "ValueError"
        assert (await user.get("/profiles/me")).json()["bio"] is None
        assert "ValueError in" in caplog.text
        assert f"{__file__}, line" in caplog.text

    async def test_that_fail_put_no_address_into_the_log(
        self, market: Market, handled: list[Desk], caplog: pytest.LogCaptureFixture
    ) -> None:
        user = await make_user(market)
        await enqueue(market.app, {"user_id": str(user.id)} | LETTER)
        async with mail_server() as server:
            await do_next(jobs_for(market.app, server))
        assert handled
        assert caplog.text
        assert LETTER["recipient"] not in caplog.text
        assert LETTER["body"].strip() not in caplog.text
