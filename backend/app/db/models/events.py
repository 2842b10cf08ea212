"""Events: the log of all that happens, written together with what happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db.models.cleaning_shapes import CleaningPublic
from app.db.models.fields import Moment, id_field, moment_field, now
from app.db.models.kinds import EventKind, form, kind_type
from app.postgres.rows import Row


class Event(Row, table=True):
    """One thing that happened. Rows are only ever added.

    Without an actor, the clock did it.
    """

    __tablename__ = "events"
    __table_args__ = (
        form("subject"),
        form("kind"),
        CheckConstraint(
            "actor_id IS NOT NULL OR subject = 'cleaning' AND kind IN ('expired', 'completed') "
            "OR subject = 'booking' AND kind = 'cancelled'",
            name="actor_id",
        ),
        # The feed: what happened to jobs, newest first.
        Index("ix_events_feed", "id", postgresql_where=text("subject = 'cleaning'")),
        Index("ix_events_actor_id", "actor_id", "id"),  # what somebody did, for their export
    )

    id: UUID = id_field()
    actor_id: UUID | None = Field(foreign_key="users.id")
    subject: str = Field(sa_type=kind_type())
    subject_id: UUID
    kind: EventKind = Field(sa_type=kind_type())
    cleaning_id: UUID | None = Field(default=None, foreign_key="cleanings.id")
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = moment_field(default_factory=now)


class FeedItem(SQLModel):
    """Something that happened to a job, and the job as it is now."""

    id: UUID
    kind: EventKind
    cleaning: CleaningPublic
    created_at: Moment
