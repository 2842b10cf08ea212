"""Suppressions: accounts that get no mail of notifications, since their mailbox refuses mail."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.db.models.fields import moment_field, now
from app.postgres.rows import Row

SUPPRESSED_FOR = timedelta(days=90)
"""How long a refusal counts; then mail is tried again."""


class Suppression(Row, table=True):
    """The refusal of the present address of an account, until it is confirmed again or replaced.

    The address itself is that of the account.
    """

    __tablename__ = "suppressions"
    __table_args__ = (Index("ix_suppressions_created_at", "created_at"),)  # to delete the expired

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    created_at: datetime = moment_field(default_factory=now)
