"""The queue of background jobs."""

from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, delete, func, select

from app.db.engine import Transaction
from app.db.models.fields import now
from app.db.models.jobs import Job, JobKind
from app.db.rows import RowQuery
from app.db.statements import Statement, argument, col, inline

CHANNEL = "jobs"
"""Where PostgreSQL tells those who listen that a job has come. Whoever misses it polls."""

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
