"""Freed usernames: reserved for some time, so that others can't impersonate former owners."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.db.models.fields import moment_field, now
from app.postgres.rows import Row

KEPT_FREE_FOR = timedelta(days=90)
"""How long a username is reserved after its owner has given it up."""

MOST_KEPT = 5
"""The largest number of usernames that are reserved for an account. Without a limit, an account
could reserve any number of names by changing its own repeatedly."""


class FreedUsername(Row, table=True):
    """A username that was given up by a new one, or with its account."""

    __tablename__ = "freed_usernames"
    __table_args__ = (
        Index("ix_freed_usernames_ends_at", "ends_at"),  # to delete those that are free again
        Index("ix_freed_usernames_user_id", "user_id"),  # those of an account that is deleted
    )

    name_hash: bytes = Field(primary_key=True)
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    ends_at: datetime = moment_field(default_factory=lambda: now() + KEPT_FREE_FOR)
