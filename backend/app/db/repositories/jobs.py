"""The queue of background jobs."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import DateTime, Float, Integer, Uuid, cast, delete, extract, func, select

from app.db.models.fields import now
from app.db.models.jobs import Job, JobKind
from app.db.models.notices import Notice
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

CHANNEL = "jobs"
"""Where PostgreSQL tells those who listen that a job has come. Whoever misses it polls."""

MOST_DUE = 10_000
"""How many of the jobs that are due are counted."""

JOB_ID = argument("job_id", Uuid())


class JobRepository:
    """The queue, for a unit of work."""

    _hint = Statement(select(func.pg_notify(inline(CHANNEL), inline(""))))
    _due = RowQuery(
        select(Job)
        .where(
            col(Job.failed_at).is_(None),
            col(Job.due_at) <= argument("moment", DateTime(timezone=True)),
            # A newer version of the service, running beside this one, may know others.
            col(Job.kind).in_([inline(kind) for kind in JobKind]),
        )
        .order_by(col(Job.due_at), col(Job.id))
        .limit(inline(1))
        .with_for_update(skip_locked=True)
    )
    _started = RowQuery(
        select(Job)
        .where(col(Job.id) == JOB_ID, col(Job.attempts) == argument("attempts", Integer()))
        .with_for_update()
    )
    _finishing = Statement(delete(Job).where(col(Job.id) == JOB_ID))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def enqueue(self, kind: JobKind, payload: dict[str, Any]) -> None:
        """Has something done soon after the transaction is committed, and never if it is not.

        Args:
            kind: What is to be done.
            payload: What the handler of that kind has to know, as JSON has it.
        """
        self._transaction.add(Job(kind=kind, payload=payload))
        self._transaction.put(self._hint)

    def notify(self, user_id: UUID, notice: Notice, **details: str) -> None:
        """Has a user told by mail that the way they log in has changed.

        Args:
            user_id: The user.
            notice: What happened.
            details: What the letter says of it, by the names that stand in its text.
        """
        payload = {"user_id": str(user_id), "notice": notice.value, "details": details}
        self.enqueue(JobKind.NOTICE, payload)

    async def take(self) -> Job | None:
        """Starts the job that is due first, if there is one that no other worker is taking."""
        job = await self._transaction.one(self._due, moment=now())
        if job is not None:
            job.start()
        return job

    async def started(self, job: Job) -> Job | None:
        """The job as it was started; None if its lease is over and another worker has it."""
        return await self._transaction.one(self._started, job_id=job.id, attempts=job.attempts)

    async def finish(self, job_id: UUID) -> None:
        """Deletes a job that is done."""
        await self._finishing.fetch(self._transaction, job_id=job_id)


class Backlog(NamedTuple):
    """What is left to the workers.

    Args:
        due: How many jobs are due, up to `MOST_DUE`.
        age: For how many seconds the first of them has been.
    """

    due: int
    age: float


class JobReader:
    """The queue, to be looked at."""

    _due = (
        select(col(Job.due_at))
        .where(col(Job.failed_at).is_(None), col(Job.due_at) <= func.now())
        .order_by(col(Job.due_at))
        .limit(inline(MOST_DUE))
        .subquery()
    )
    _age = cast(extract("epoch", func.now() - func.min(_due.c.due_at)), Float())
    _backlog = Statement(select(func.count(), func.coalesce(_age, inline(0))).select_from(_due))

    def __init__(self, source: Source) -> None:
        self._source = source

    async def backlog(self) -> Backlog:
        """How much there is to do, and how late it is."""
        (row,) = await self._backlog.fetch(self._source)
        return Backlog(*row)
