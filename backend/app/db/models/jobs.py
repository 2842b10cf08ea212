"""The table ``jobs``: the queue of the release before, which the worker drains into ``tasks``.

The next release drops it; see docs/migrations.md.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.db.models.fields import choice, id_field, moment_field, now
from app.postgres.rows import Row


class JobKind(StrEnum):
    """The kinds of tasks that the release before knows."""

    SEND_MAIL = "send_mail"
    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (a kind of task)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (a kind of task)
    NOTICE = "notice"


class Job(Row, table=True):
    """A task that the release before has enqueued."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("attempts >= 0", "attempts"),
        # The row that is due first.
        Index("ix_jobs_due", "due_at", "id", postgresql_where=text("failed_at IS NULL")),
    )

    id: UUID = id_field()
    kind: JobKind = Field(sa_type=choice(JobKind, "kind"))
    payload: dict[str, Any] = Field(sa_type=JSONB)
    attempts: int = 0
    due_at: datetime = moment_field(default_factory=now)
    error: str | None = None
    failed_at: datetime | None = moment_field(default=None)
    created_at: datetime = moment_field(default_factory=now)
