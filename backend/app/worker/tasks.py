"""Runs tasks: each attempt in units of work of its own, its effects after the commit."""

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.core.config import Settings
from app.core.observability.tracing import tracing
from app.db.models.tasks import RetryPolicy, Task
from app.db.repositories.jobs import JobRepository
from app.db.repositories.tasks import TaskRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.worker.context import TaskContext, TaskHandler
from app.worker.effects import Effect, Effects
from app.worker.failures import PermanentFailure

TIME_LIMIT = 60.0  # seconds for an attempt, well within the lease

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    RETRIED = "retried"  # later
    FAILED = "failed"  # for good


class WorkerLost(Exception):
    """Each attempt of the task ended with the death of the worker."""


class TaskRunner:
    """Takes tasks from the queue and runs them.

    No connection is held while effects are carried out. A task is deleted after all of its effects
    were carried out: none is lost if the worker dies, but some may be carried out twice.

    Args:
        database: The database with the queue.
        effects: Carries out the effects.
        settings: The settings that handlers need.
        handlers: The handlers by kind. Tasks of other kinds are left alone.

    Attributes:
        ended: The number of attempts by kind and outcome.
    """

    def __init__(
        self,
        database: Database,
        effects: Effects,
        settings: Settings,
        handlers: Mapping[str, TaskHandler],
    ) -> None:
        self._database, self._settings = database, settings
        self.effects, self.handlers = effects, handlers
        self.ended = Counter({(kind, it): 0 for kind in handlers for it in Outcome})

    async def drain(self) -> int:
        """Moves tasks that the release before has enqueued to the queue of this one.

        Returns:
            The number of tasks.

        Raises:
            Unavailable: The database can't be reached.
        """

        async def work(transaction: Transaction) -> int:
            return await JobRepository(transaction).drain()

        moved = 0
        while number := await self._database.run(work):
            moved += number
        return moved

    async def take(self) -> Task | None:
        """Starts the task that is due first, if there is one.

        Raises:
            Unavailable: The database can't be reached.
        """
        limits = {str(kind): handler.limit for kind, handler in self.handlers.items()}

        async def work(transaction: Transaction) -> Task | None:
            return await TaskRepository(transaction).take(limits)

        return await self._database.run(work)

    async def run(self, task: Task) -> None:
        """Runs a task that was taken, and records how the attempt ended.

        Raises:
            Unavailable: The database can't be reached. The task will be taken again.
        """
        handler = self.handlers[task.kind]
        error: Exception | None = None
        try:
            with tracing.task(task.kind):
                async with asyncio.timeout(TIME_LIMIT):
                    await self._attempt(task, handler)
        except Exception as caught:  # noqa: BLE001 (any error means that the attempt failed)
            error = caught
        await self._end(task, handler.retry, error)

    async def _attempt(self, task: Task, handler: TaskHandler) -> None:
        if task.attempts > handler.retry.attempts:
            raise WorkerLost

        async def work(transaction: Transaction) -> Sequence[Effect]:
            return await handler.run(TaskContext(transaction, self._settings), task.payload)

        for number, effect in enumerate(await self._database.run(work), start=1):
            await self.effects.carry_out(effect, f"{task.id}.{number}")

    async def _end(self, task: Task, policy: RetryPolicy, error: Exception | None) -> None:
        async def work(transaction: Transaction) -> Task | None:
            tasks = TaskRepository(transaction)
            if error is None:
                await tasks.finish(task.id)
                return None
            started = await tasks.started(task)
            if started is not None and isinstance(error, PermanentFailure):
                started.give_up(type(error).__name__)
                error.record(transaction)
            elif started is not None:
                started.retry(type(error).__name__, policy)
            return started

        left = await self._database.run(work)
        outcome = Outcome.DONE if error is None else Outcome.RETRIED
        if left is not None and error is not None:
            _log(left, error)
            outcome = Outcome.FAILED if left.failed_at else outcome
        self.ended[task.kind, outcome] += 1


def _log(task: Task, error: Exception) -> None:
    """Logs a failed attempt without the message of the error, which may contain addresses."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    level, outcome = logging.WARNING, "will be tried again"
    if task.failed_at is not None:
        level, outcome = logging.ERROR, "has failed for good"
    logger.log(
        level,
        "Task %s (%s) %s after attempt %d: %s in %s, line %d",
        task.id,
        task.kind,
        outcome,
        task.attempts,
        type(error).__name__,
        place.filename,
        place.lineno,
    )
