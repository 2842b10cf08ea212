"""Moves the tasks of the release before to the queue of this one.

Servers of the release before write the table ``jobs``, and its workers read it, until all are
replaced. The next release drops the table; see docs/migrations.md.
"""

from typing import Any

from sqlalchemy import Column, Text, cast, delete, insert, or_, select

from app.db.models.fields import now
from app.db.models.jobs import Job
from app.db.models.tasks import Task
from app.db.repositories.base import MOMENT
from app.postgres.statements import Statement, col, inline, once
from app.postgres.transactions import Transaction

AT_ONCE = 100
"""The largest number of rows that a transaction moves."""


def _moving() -> Statement:
    """Moves rows that are due or have failed, except those that another worker has locked.

    A row that is under way is due at the end of its lease, so it stays with its worker until then.
    """
    table: Any = Job
    columns: list[Column[Any]] = list(table.__table__.columns)
    some = (
        select(col(Job.id))
        .where(
            or_(
                col(Job.failed_at).is_not(None),
                col(Job.due_at) <= MOMENT,
            )
        )
        .limit(inline(AT_ONCE))
        .with_for_update(skip_locked=True)
    )
    moved = delete(Job).where(col(Job.id).in_(once(some))).returning(*columns).cte("moved")
    values = [cast(moved.c.kind, Text) if it.name == "kind" else moved.c[it.name] for it in columns]
    return Statement(
        insert(Task)
        .from_select([it.name for it in columns], select(*values), include_defaults=False)
        .returning(inline(1))
    )


class JobRepository:
    """The queue of the release before, in a unit of work."""

    _move = _moving()

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def drain(self) -> int:
        """Moves up to `AT_ONCE` rows to ``tasks``; returns how many."""
        return len(await self._move.fetch(self._transaction, moment=now()))
