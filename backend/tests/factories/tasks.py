"""Background tasks, and what has become of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from app.core.config import Settings
from app.db.models.fields import now
from app.db.models.kinds.tasks import MailTask
from app.db.models.tasks import Task
from app.db.repositories.tasks import TaskRepository
from app.worker.context import TaskHandler
from app.worker.effects import Effects, carriers
from app.worker.handlers import registered
from app.worker.mailers import Mailer
from app.worker.photos import PhotoFiles
from app.worker.tasks import TaskRunner

BY_CLOCK = [str(kind) for kind, handler in registered().items() if handler.cron]
LETTER = {"recipient": "anna@example.com", "subject": "Hello", "body": "Dear Anna\n"}


async def enqueue(app: FastAPI, payload: dict[str, Any] = LETTER) -> None:
    """Leaves a mail to be sent."""
    async with app.state.database.write() as transaction:
        TaskRepository(transaction).enqueue(MailTask.SEND_MAIL, payload)


async def kept(app: FastAPI) -> list[dict[str, Any]]:
    """The tasks that are not done, except those that a worker enqueues by the clock."""
    rows = await app.state.database.fetch("SELECT * FROM tasks WHERE kind <> ALL($1)", (BY_CLOCK,))
    return [dict(row) for row in rows]


async def make_due(app: FastAPI) -> None:
    """Has the time pass that all tasks wait for."""
    await app.state.database.fetch("UPDATE tasks SET due_at = created_at", ())


async def make_failed_task(app: FastAPI, kind: str = MailTask.SEND_MAIL) -> UUID:
    """A task that has failed."""
    task = Task(kind=kind, payload=LETTER, attempts=32, error="SMTPConnectError", failed_at=now())
    async with app.state.database.write() as transaction:
        transaction.add(task)
    return task.id


def runner_for(
    app: FastAPI,
    mailer: Mailer,
    settings: Settings,
    handlers: Mapping[str, TaskHandler] | None = None,
) -> TaskRunner:
    """Runs the tasks of a service, with its own handlers or others."""
    return TaskRunner(
        app.state.database,
        Effects(carriers(mailer, PhotoFiles(app.state.database, app.state.photos))),
        settings,
        handlers or registered(),
    )
