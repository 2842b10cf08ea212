"""The schedules of tasks that run by the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, DateTime, Text, Uuid, any_, exists, select
from sqlalchemy.dialects.postgresql import insert

from app.db.models.fields import now
from app.db.models.tasks import Task, TaskSchedule
from app.db.repositories.base import MOMENT
from app.postgres.statements import Statement, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

KINDS: Any = argument("kinds", ARRAY(Text()))


def _declaring() -> Statement:
    """Adds a schedule, or changes its cron expression and its next time."""
    adding = insert(TaskSchedule).values(
        kind=argument("kind", Text()),
        cron=argument("cron", Text()),
        due_at=MOMENT,
    )
    return Statement(
        adding.on_conflict_do_update(
            index_elements=[TaskSchedule.kind],
            set_={
                "cron": adding.excluded.cron,
                "due_at": argument("next", DateTime(timezone=True)),
            },
            where=col(TaskSchedule.cron) != adding.excluded.cron,
        )
    )


class TaskScheduleRepository:
    """The schedules, in a unit of work."""

    _declare = _declaring()
    _due = RowQuery(
        select(TaskSchedule)
        .where(
            col(TaskSchedule.due_at) <= MOMENT,
            col(TaskSchedule.kind) == any_(KINDS),
        )
        .order_by(col(TaskSchedule.kind))
        .with_for_update(skip_locked=True)
    )
    _under_way = Statement(
        select(
            exists().where(
                col(Task.id) == argument("task_id", Uuid()), col(Task.failed_at).is_(None)
            )
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def declare(self, kind: str, cron: str, next_time: datetime) -> None:
        """Stores a schedule; a new one is due at once.

        Args:
            kind: The kind of its tasks.
            cron: Its cron expression.
            next_time: When it is due next if the expression was another before.
        """
        await self._declare.fetch(
            self._transaction, kind=kind, cron=cron, moment=now(), next=next_time
        )

    async def lock_due(self, kinds: Sequence[str]) -> list[TaskSchedule]:
        """Locks the schedules that are due and that no other worker has locked.

        Args:
            kinds: The kinds that the worker knows.
        """
        return await self._transaction.all(self._due, moment=now(), kinds=list(kinds))

    async def is_under_way(self, schedule: TaskSchedule) -> bool:
        """Whether the last task of a schedule is still in the queue and has not failed."""
        ((found,),) = await self._under_way.fetch(self._transaction, task_id=schedule.task_id)
        return bool(found)
