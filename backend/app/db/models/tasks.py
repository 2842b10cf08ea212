"""Background tasks: work that is done after a change has been committed, such as sending mail."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.errors import NotFound
from app.db.models.fields import Moment, id_field, moment_field, now
from app.db.models.kinds import TaskKind, form, kind_type
from app.db.models.pages import PageParameters
from app.postgres.rows import Row

LEASE = timedelta(minutes=2)
"""How long a worker may take for an attempt. Then another worker takes the task."""

LONGEST_DELAY = timedelta(days=1)
"""The longest delay between two attempts that a retry policy may have."""

FAILED_FOR = timedelta(days=30)
"""For how long a failed task is kept."""


class TaskNotFound(NotFound):
    """No failed task has the id."""

    code = "task_not_found"
    detail = "No failed background task has this id."


class RetryPolicy(NamedTuple):
    """How often a task is attempted, and the delays between the attempts.

    The delays double from the first to the longest. By default a task is retried for a day.

    Args:
        first_delay: The delay after the first attempt.
        longest_delay: The longest delay, at most `LONGEST_DELAY`.
        attempts: The number of attempts after which the task has failed.
    """

    first_delay: timedelta = timedelta(seconds=15)
    longest_delay: timedelta = timedelta(hours=1)
    attempts: int = 32

    def delay(self, attempts: int) -> timedelta:
        """The delay after an attempt.

        Args:
            attempts: The number of the attempt, beginning with 1.
        """
        return min(self.first_delay * (1 << attempts - 1), self.longest_delay)


DEFAULT_RETRY = RetryPolicy()


class Task(Row, table=True):
    """A task in the queue.

    It is deleted when it is done. If it fails, it is kept for `FAILED_FOR`. It is running if
    ``leased_until`` lies in the future.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("attempts >= 0", "attempts"),
        form("kind"),
        # The task that is due first.
        Index("ix_tasks_due", "due_at", "id", postgresql_where=text("failed_at IS NULL")),
        # The running tasks of a kind.
        Index("ix_tasks_leased", "kind", postgresql_where=text("leased_until IS NOT NULL")),
        # The failed tasks, newest first.
        Index("ix_tasks_failed", "id", postgresql_where=text("failed_at IS NOT NULL")),
    )

    id: UUID = id_field()
    kind: str = Field(sa_type=kind_type())
    payload: dict[str, Any] = Field(sa_type=JSONB)
    attempts: int = 0
    due_at: datetime = moment_field(default_factory=now)
    leased_until: datetime | None = moment_field(default=None)
    error: str | None = None
    failed_at: datetime | None = moment_field(default=None)
    created_at: datetime = moment_field(default_factory=now)

    def start(self) -> None:
        """Counts an attempt, and leases the task to a worker."""
        self.attempts += 1
        self.due_at = self.leased_until = now() + LEASE

    def retry(self, error: str, policy: RetryPolicy) -> None:
        """Schedules the next attempt, or fails the task after the last one.

        Args:
            error: The reason, without personal data.
            policy: The retry policy of its kind.
        """
        if self.attempts >= policy.attempts:
            self.give_up(error)
            return
        self.error = error
        self.leased_until = None
        self.due_at = now() + policy.delay(self.attempts)

    def reset(self) -> None:
        """Returns a failed task to the queue as if it were new."""
        self.attempts, self.error, self.failed_at = 0, None, None
        self.due_at = now()

    def give_up(self, error: str) -> None:
        """Fails the task, with no further attempt.

        Args:
            error: The reason, without personal data.
        """
        self.error = error
        self.leased_until = None
        self.failed_at = now()


class TaskSchedule(Row, table=True):
    """When the next task of a kind is enqueued by the clock."""

    __tablename__ = "task_schedules"
    __table_args__ = (form("kind"),)

    kind: str = Field(sa_type=kind_type(), primary_key=True)
    cron: str
    due_at: datetime = moment_field()
    task_id: UUID | None = None  # the last task, which may be done and deleted


class TaskFilters(PageParameters):
    """The filters of the list of failed tasks."""

    kind: TaskKind | None = None


class FailedTaskPublic(SQLModel):
    """A failed task, without its payload."""

    id: UUID
    kind: str = Field(schema_extra={"examples": ["verify_email"]})
    attempts: int = Field(description="The number of attempts")
    error: str = Field(
        description="The type of the last error", schema_extra={"examples": ["SMTPConnectError"]}
    )
    created_at: Moment
    failed_at: Moment
