"""Tasks that run by the clock: once per cluster, however many workers run."""

from collections.abc import Mapping
from datetime import datetime

from cronsim import CronSim

from app.db.models.fields import now
from app.db.repositories.task_schedules import TaskScheduleRepository
from app.db.repositories.tasks import TaskRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.worker.context import TaskHandler


def next_time(cron: str, after: datetime) -> datetime:
    """The next time of a cron expression, in UTC.

    Args:
        cron: The expression, as in crontab(5).
        after: The time after which it is, in UTC.
    """
    return next(CronSim(cron, after))


class Scheduler:
    """Enqueues a task at each time of its schedule.

    The database holds the next time of each schedule. The worker that enqueues the task moves that
    time in the same transaction, so a time has one task. Times that passed while no worker ran, or
    while the last task of the schedule had not ended, are skipped.

    Args:
        database: The database with the queue.
        handlers: The handlers by kind; those that have a cron expression are scheduled.
    """

    def __init__(self, database: Database, handlers: Mapping[str, TaskHandler]) -> None:
        self._database = database
        self._crons = {str(kind): it.cron for kind, it in sorted(handlers.items()) if it.cron}
        self._undeclared = dict(self._crons)

    async def enqueue_due(self) -> int:
        """Enqueues the tasks whose time has come.

        The first call stores the schedules: a new one is due at once, a changed one at its next
        time.

        Returns:
            The number of schedules that were due.

        Raises:
            Unavailable: The database can't be reached.
        """

        async def work(transaction: Transaction) -> int:
            schedules, tasks = TaskScheduleRepository(transaction), TaskRepository(transaction)
            for kind, cron in self._undeclared.items():
                await schedules.declare(kind, cron, next_time(cron, now()))
            due = await schedules.lock_due(list(self._crons))
            for schedule in due:
                if not await schedules.is_under_way(schedule):
                    schedule.task_id = tasks.enqueue(schedule.kind, {})
                schedule.due_at = next_time(self._crons[schedule.kind], now())
            return len(due)

        number = await self._database.run(work)
        self._undeclared = {}
        return number
