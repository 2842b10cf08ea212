"""The queue of background tasks."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Float,
    Integer,
    Text,
    Uuid,
    any_,
    cast,
    delete,
    extract,
    func,
    or_,
    select,
)

from app.core.security.tokens import Bearer
from app.db.models.fields import now
from app.db.models.kinds.links import LinkTask
from app.db.models.kinds.notices import NoticeTask, SecurityEvent
from app.db.models.notices import Notice
from app.db.models.tasks import FailedTaskPublic, Task, TaskFilters, TaskNotFound
from app.db.models.users import User
from app.db.repositories.base import MOMENT, json_object
from app.db.repositories.events import EventRepository
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

CHANNEL = "tasks"
"""The channel of notifications about new tasks. A worker that misses one polls."""

MOST_DUE = 10_000
"""The largest number of due tasks that is counted."""

LIMITS_LOCK = 0x7461736B73  # "tasks"
"""The key of the advisory lock under which a task of a limited kind is taken.

It is one lock for all kinds, so that two workers that each look at several kinds can't deadlock.
"""

TASK_ID = argument("task_id", Uuid())
KIND = argument("kind", Text())
HAS_FAILED = col(Task.failed_at).is_not(None)
KINDS: Any = argument("kinds", ARRAY(Text()))


class TaskRepository:
    """The queue, in a unit of work."""

    _hint = Statement(select(func.pg_notify(inline(CHANNEL), inline(""))))
    _due = RowQuery(
        select(Task)
        .where(
            col(Task.failed_at).is_(None),
            col(Task.due_at) <= MOMENT,
            # Other kinds belong to another version of the service, which runs beside this one.
            col(Task.kind) == any_(KINDS),
        )
        .order_by(col(Task.due_at), col(Task.id))
        .limit(inline(1))
        .with_for_update(skip_locked=True)
    )
    _lock_limits = Statement(select(func.pg_advisory_xact_lock(inline(LIMITS_LOCK))))
    _running = Statement(
        select(func.count()).where(col(Task.kind) == KIND, col(Task.leased_until) > MOMENT)
    )
    _started = RowQuery(
        select(Task)
        .where(col(Task.id) == TASK_ID, col(Task.attempts) == argument("attempts", Integer()))
        .with_for_update()
    )
    _finishing = Statement(delete(Task).where(col(Task.id) == TASK_ID))
    _failed = RowQuery(select(Task).where(col(Task.id) == TASK_ID, HAS_FAILED).with_for_update())
    _discarding = Statement(
        delete(Task).where(col(Task.id) == TASK_ID, HAS_FAILED).returning(col(Task.kind))
    )

    def __init__(self, transaction: Transaction) -> None:
        self._events = EventRepository(transaction)
        self._transaction = transaction

    def enqueue(
        self, kind: str, payload: dict[str, Any], *, due_at: datetime | None = None
    ) -> UUID:
        """Adds a task, which becomes visible to the workers when the transaction is committed.

        Args:
            kind: The kind of the task.
            payload: The arguments of the handler, as JSON.
            due_at: The earliest time of the first attempt; at once by default. Workers find later
                ones by polling.

        Returns:
            The id of the task.
        """
        task = Task(kind=kind, payload=payload)
        if due_at is not None:
            task.due_at = due_at
        self._transaction.add(task)
        if task.due_at <= task.created_at:
            self._transaction.put(self._hint)
        return task.id

    def notify(self, user_id: UUID, notice: Notice, **details: str) -> None:
        """Adds a task that mails a notice about a change of how a user logs in, and its event.

        Args:
            user_id: The user.
            notice: The kind of notice.
            details: The values of the fields in its text.
        """
        payload = {"user_id": str(user_id), "notice": notice.value, "details": details}
        self.enqueue(NoticeTask.NOTICE, payload)
        self._events.record(None, SecurityEvent(notice), user_id)

    def tell_former_address(self, user: User) -> None:
        """Adds a task that tells the address of a user of its replacement, and the event.

        Its payload has the address, since the account has another one, or is deleted, by then.

        Args:
            user: The user, before the change.
        """
        payload = {"recipient": user.email, "username": user.username, "language": user.language}
        self.enqueue(LinkTask.EMAIL_CHANGED, payload)
        self._events.record(None, SecurityEvent.EMAIL_CHANGED, user.id)

    def tell_of_password(self, user_id: UUID) -> None:
        """Adds a task that tells a user of a new password, and the event.

        Args:
            user_id: The user.
        """
        self.enqueue(LinkTask.PASSWORD_CHANGED, {"user_id": str(user_id)})
        self._events.record(None, SecurityEvent.PASSWORD_CHANGED, user_id)

    async def take(self, limits: Mapping[str, int | None]) -> Task | None:
        """Starts the task that is due first and that no other worker is taking.

        Args:
            limits: The kinds that may be taken, and how many tasks of each may run at once in the
                whole cluster; None for any number.

        Returns:
            The task, or None if none is due.
        """
        kinds = dict(limits)
        while kinds:
            moment = now()
            task = await self._transaction.one(self._due, moment=moment, kinds=list(kinds))
            if task is None:
                return None
            limit = kinds.pop(task.kind)
            if limit is None or await self._has_room(task.kind, limit):
                task.start()
                return task
        return None

    async def _has_room(self, kind: str, limit: int) -> bool:
        """Whether one more task of a kind may run; no other worker takes one meanwhile."""
        await self._lock_limits.fetch(self._transaction)
        ((running,),) = await self._running.fetch(self._transaction, kind=kind, moment=now())
        return bool(running < limit)

    async def started(self, task: Task) -> Task | None:
        """Locks a task that was taken; None if its lease is over and another worker has it."""
        return await self._transaction.one(self._started, task_id=task.id, attempts=task.attempts)

    async def finish(self, task_id: UUID) -> None:
        """Deletes a task that is done."""
        await self._finishing.fetch(self._transaction, task_id=task_id)

    async def retry_failed(self, task_id: UUID) -> str:
        """Returns a failed task to the queue.

        Returns:
            The kind of the task.

        Raises:
            TaskNotFound: No failed task has the id.
        """
        task = await self._transaction.one(self._failed, task_id=task_id)
        if task is None:
            raise TaskNotFound
        task.reset()
        self._transaction.put(self._hint)
        return task.kind

    async def discard_failed(self, task_id: UUID) -> str:
        """Deletes a failed task.

        Returns:
            The kind of the task.

        Raises:
            TaskNotFound: No failed task has the id.
        """
        rows = await self._discarding.fetch(self._transaction, task_id=task_id)
        if not rows:
            raise TaskNotFound
        return str(rows[0]["kind"])


@cache
def _failed(shape: PageShape) -> PageQuery:
    """The failed tasks, newest first."""
    return PageQuery(
        select().select_from(Task).where(HAS_FAILED, or_(KIND.is_(None), col(Task.kind) == KIND)),
        item=json_object(FailedTaskPublic, Task),
        keys=[col(Task.id)],
        shape=shape,
    )


class Backlog(NamedTuple):
    """The tasks that wait for a worker.

    Args:
        due: The number of due tasks, up to `MOST_DUE`.
        age: For how many seconds the first of them has been due.
    """

    due: int
    age: float


class TaskReader:
    """Reads the state of the queue."""

    _due = (
        select(col(Task.due_at))
        .where(col(Task.failed_at).is_(None), col(Task.due_at) <= func.now())
        .order_by(col(Task.due_at))
        .limit(inline(MOST_DUE))
        .subquery()
    )
    _age = cast(extract("epoch", func.now() - func.min(_due.c.due_at)), Float())
    _backlog = Statement(select(func.count(), func.coalesce(_age, inline(0))).select_from(_due))

    def __init__(self, source: Source) -> None:
        self._source = source

    async def backlog(self) -> Backlog:
        """The number of waiting tasks, and the delay of the first."""
        (row,) = await self._backlog.fetch(self._source)
        return Backlog(*row)

    async def failed(self, caller: Bearer, filters: TaskFilters, request: PageRequest) -> Page:
        """The failed tasks, newest first. The caller was checked to be staff before."""
        return await _failed(request.shape).page(self._source, caller, request, kind=filters.kind)
