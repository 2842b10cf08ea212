"""The queue of the release before: the worker drains it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.db.models.fields import now
from app.db.models.jobs import Job, JobKind
from app.worker.mailers import NoMailer
from app.worker.tasks import TaskRunner
from tests.factories.tasks import LETTER, kept, runner_for
from tests.mail import mail_server
from tests.processes import PATIENCE, until_done, worker_process

pytestmark = pytest.mark.committed


def runner(app: FastAPI) -> TaskRunner:
    """Runs tasks, and moves those of the release before."""
    return runner_for(app, NoMailer(), Settings(environment="development"))


async def enqueue_as_before(app: FastAPI, **values: Any) -> UUID:
    """What a server of the release before enqueues, or its worker has left."""
    job = Job(kind=JobKind.SEND_MAIL, payload=LETTER, **values)
    async with app.state.database.write() as transaction:
        transaction.add(job)
    return job.id


async def left(app: FastAPI) -> set[UUID]:
    """The rows that were not moved."""
    return {row["id"] for row in await app.state.database.fetch("SELECT id FROM jobs", ())}


async def test_what_is_due_is_moved_as_it_is(app: FastAPI) -> None:
    tried_at: datetime = now() - timedelta(seconds=1)
    values = {"attempts": 3, "error": "SMTPConnectError", "due_at": tried_at}
    job_id = await enqueue_as_before(app, **values)
    assert await runner(app).drain() == 1
    (task,) = await kept(app)
    assert (task["id"], task["kind"], task["payload"]) == (job_id, "send_mail", LETTER)
    assert {name: task[name] for name in values} == values
    assert await left(app) == set()


async def test_what_has_failed_is_moved(app: FastAPI) -> None:
    await enqueue_as_before(app, attempts=32, error="Undeliverable", failed_at=now())
    assert await runner(app).drain() == 1
    (task,) = await kept(app)
    assert task["failed_at"]


async def test_what_a_worker_of_the_release_before_is_doing_is_left_to_it(app: FastAPI) -> None:
    job_id = await enqueue_as_before(app, attempts=1, due_at=now() + timedelta(minutes=2))
    assert await runner(app).drain() == 0
    assert await left(app) == {job_id}


async def test_several_workers_move_each_row_once(app: FastAPI) -> None:
    ids = {await enqueue_as_before(app) for _ in range(50)}
    moved = await asyncio.gather(*(runner(app).drain() for _ in range(4)))
    assert sum(moved) == 50
    assert {task["id"] for task in await kept(app)} == ids


async def test_a_worker_sends_mail_of_both_releases(app: FastAPI) -> None:
    job_id = await enqueue_as_before(app)
    async with mail_server() as server, worker_process(app, server):
        async with asyncio.timeout(PATIENCE):
            while await left(app):  # noqa: ASYNC110 (no event tells of what the database has)
                await asyncio.sleep(0.02)
        await until_done(app)
    (message,) = server.messages
    assert message["Message-ID"].startswith(f"<{job_id}.1.")
