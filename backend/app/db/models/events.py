"""Events: the log of all changes, written in the transaction of each change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Insert, Uuid, case, cast, func, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db.models.cleaning_shapes import CleaningPublic
from app.db.models.fields import Moment, id_field, moment_field, now
from app.db.models.kinds import EventKind, form, kind_type
from app.db.models.stream import Pending
from app.postgres.rows import Row
from app.postgres.statements import col, inline


class Event(Row, table=True):
    """An event. The table is append-only.

    Events that the clock has caused, and those of the security of an account, have no actor.
    """

    __tablename__ = "events"
    __table_args__ = (
        form("subject"),
        form("kind"),
        # The feed: the events of jobs, newest first.
        Index("ix_events_feed", "id", postgresql_where=text("subject = 'cleaning'")),
        Index("ix_events_actor_id", "actor_id", "id"),  # the events of an actor, for exports
    )

    id: UUID = id_field()
    actor_id: UUID | None = Field(foreign_key="users.id")
    subject: str = Field(sa_type=kind_type())
    subject_id: UUID
    kind: EventKind = Field(sa_type=kind_type())
    cleaning_id: UUID | None = Field(default=None, foreign_key="cleanings.id")
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = moment_field(default_factory=now)

    @classmethod
    def inserting(cls, row: Insert, ending: str) -> Insert:
        """The event enters the outbox with the same statement."""
        written = row.returning(col(cls.id)).cte(f"event{ending}")
        return insert(Pending).from_select(["event_id"], select(written.c.id))


def fact(name: str) -> ColumnElement[Any]:
    """An id among the facts of an event, in its payload; null if it is none.

    A statement that failed at the payload of one event would end the stream, and the doctor.
    """
    given = col(Event.payload)[inline(name)].astext
    return case((func.pg_input_is_valid(given, inline("uuid")), cast(given, Uuid)))


JOB: ColumnElement[Any] = func.coalesce(col(Event.cleaning_id), fact("order_id"))
"""The job of an event; before there is one, the order whose job will have the same id."""


class FeedItem(SQLModel):
    """An event of a job, with the present state of the job."""

    id: UUID
    kind: EventKind
    cleaning: CleaningPublic
    created_at: Moment
