"""Limits, retry policies, due times and effects of tasks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.core.mail import Mail
from app.db.models.fields import now
from app.db.models.kinds.tasks import MailTask
from app.db.models.tasks import RetryPolicy
from app.db.repositories.tasks import TaskRepository
from app.worker.context import Payload, TaskContext, TaskHandler
from app.worker.effects import Effects
from app.worker.tasks import TaskRunner
from tests.factories.tasks import enqueue, kept, make_due

SETTINGS = Settings(environment="development")


async def nothing(_: TaskContext, __: Payload) -> list[Mail]:
    return []


async def failing(_: TaskContext, __: Payload) -> list[Mail]:
    raise ValueError


def runner(app: FastAPI, handler: TaskHandler, effects: Effects | None = None) -> TaskRunner:
    """Runs tasks to send mail with another handler."""
    handlers: dict[str, TaskHandler] = {MailTask.SEND_MAIL: handler}
    return TaskRunner(app.state.database, effects or Effects({}), SETTINGS, handlers)


@pytest.mark.committed
class TestALimit:
    async def test_holds_for_all_workers_at_once(self, app: FastAPI) -> None:
        handler = TaskHandler(nothing, limit=2)
        for _ in range(10):
            await enqueue(app)
        workers = [runner(app, handler) for _ in range(8)]
        taken = [task for task in await asyncio.gather(*(it.take() for it in workers)) if task]
        assert len(taken) == 2
        await workers[0].run(taken[0])
        again = await asyncio.gather(*(it.take() for it in workers))
        assert len([task for task in again if task]) == 1

    async def test_leaves_other_kinds_their_turn(self, app: FastAPI) -> None:
        await enqueue(app)
        await enqueue(app)
        async with app.state.database.write() as transaction:
            TaskRepository(transaction).enqueue("another", {})
        handlers: dict[str, TaskHandler] = {
            MailTask.SEND_MAIL: TaskHandler(nothing, limit=1),
            "another": TaskHandler(nothing),
        }
        tasks = TaskRunner(app.state.database, Effects({}), SETTINGS, handlers)
        taken = [await tasks.take() for _ in range(3)]
        assert [task and task.kind for task in taken] == ["send_mail", "another", None]

    async def test_counts_no_worker_that_died(self, app: FastAPI) -> None:
        tasks = runner(app, TaskHandler(nothing, limit=1))
        await enqueue(app)
        await enqueue(app)
        assert await tasks.take()
        assert await tasks.take() is None
        await app.state.database.fetch("UPDATE tasks SET leased_until = now() - interval '1 s'", ())
        assert await tasks.take()

    async def test_counts_no_task_that_waits_for_its_next_attempt(self, app: FastAPI) -> None:
        tasks = runner(app, TaskHandler(failing, limit=1))
        await enqueue(app)
        await enqueue(app)
        for _ in range(2):
            task = await tasks.take()
            assert task
            await tasks.run(task)


class TestARetryPolicy:
    async def test_is_that_of_the_kind(self, app: FastAPI) -> None:
        policy = RetryPolicy(timedelta(seconds=5), timedelta(minutes=5), attempts=2)
        tasks = runner(app, TaskHandler(failing, retry=policy))
        await enqueue(app)
        task = await tasks.take()
        assert task
        await tasks.run(task)
        (waiting,) = await kept(app)
        assert timedelta(0) < waiting["due_at"] - now() <= timedelta(seconds=5)
        assert (waiting["leased_until"], waiting["failed_at"]) == (None, None)
        await make_due(app)
        task = await tasks.take()
        assert task
        await tasks.run(task)
        (failed,) = await kept(app)
        assert failed["failed_at"]
        assert (failed["attempts"], failed["leased_until"]) == (2, None)


class TestADueTime:
    async def test_is_the_earliest_time_of_the_first_attempt(self, app: FastAPI) -> None:
        tasks = runner(app, TaskHandler(nothing))
        due_at = now() + timedelta(days=3)
        async with app.state.database.write() as transaction:
            TaskRepository(transaction).enqueue(MailTask.SEND_MAIL, {}, due_at=due_at)
        assert await tasks.take() is None
        (task,) = await kept(app)
        assert task["due_at"] == due_at
        await make_due(app)
        assert await tasks.take()


@dataclass(frozen=True)
class Push:
    """An effect that is no mail."""

    text: str


class TestEffects:
    async def test_of_any_type_follow_the_commit_in_order(self, app: FastAPI) -> None:
        seen: list[tuple[str, str, bool]] = []
        mail = Mail("anna@example.com", "Hello", "Dear Anna\n")

        async def carry(effect: Any, key: str) -> None:
            rows = await app.state.database.fetch("SELECT FROM tasks WHERE kind = 'another'", ())
            seen.append((type(effect).__name__, key.rpartition(".")[2], len(rows) == 1))

        async def handle(context: TaskContext, _: Payload) -> Sequence[Any]:
            context.tasks.enqueue("another", {})
            return [mail, Push("Hello")]

        effects = Effects({Mail: carry, Push: carry})
        tasks = runner(app, TaskHandler(handle), effects)
        await enqueue(app)
        task = await tasks.take()
        assert task
        await tasks.run(task)
        assert seen == [("Mail", "1", True), ("Push", "2", True)]
        assert effects.ended[Push, "sent"] == 1
        assert [it["kind"] for it in await kept(app)] == ["another"]

    async def test_do_not_happen_if_the_handler_fails(self, app: FastAPI) -> None:
        seen: list[object] = []

        async def carry(effect: Any, _: str) -> None:
            seen.append(effect)

        tasks = runner(app, TaskHandler(failing), Effects({Mail: carry}))
        await enqueue(app)
        task = await tasks.take()
        assert task
        await tasks.run(task)
        assert seen == []
        assert len(await kept(app)) == 1
