"""Background jobs: what is left to do when a change has been committed, such as sending mail."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.db.models.fields import choice, id_field, moment_field, now
from app.postgres.rows import Row

LEASE = timedelta(minutes=2)
"""How long a worker has for a job. Then it counts as dead, and another takes the job."""

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=15), timedelta(hours=1)
ATTEMPTS = 32
"""How often a job is tried, with delays that double from the first to the longest: for a day."""


FAILED_FOR = timedelta(days=30)
"""For how long a job is kept that has failed for good."""


class JobKind(StrEnum):
    """What is to be done."""

    SEND_MAIL = "send_mail"
    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (what is done with one)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (what was done with one)
    NOTICE = "notice"


class Job(Row, table=True):
    """Something to do in the background.

    It is deleted when it is done; if it fails for good, it is kept for a while.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("attempts >= 0", "attempts"),
        # The job that is due first.
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

    def start(self) -> None:
        """Counts an attempt, and hides the job from other workers for the time of a lease."""
        self.attempts += 1
        self.due_at = now() + LEASE

    def retry(self, error: str) -> None:
        """Has the job tried again later, or not if it has been tried often enough.

        Args:
            error: What went wrong, in words that hold no personal data.
        """
        if self.attempts >= ATTEMPTS:
            self.give_up(error)
            return
        self.error = error
        self.due_at = now() + min(FIRST_DELAY * 2 ** (self.attempts - 1), LONGEST_DELAY)

    def give_up(self, error: str) -> None:
        """Keeps the job as one that failed for good.

        Args:
            error: What went wrong, in words that hold no personal data.
        """
        self.error = error
        self.failed_at = now()
