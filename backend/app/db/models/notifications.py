"""Notifications: what users are told of events that concern them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import pydantic
from pydantic import BeforeValidator
from sqlalchemy import BigInteger, CheckConstraint, Index, true
from sqlmodel import Field, SQLModel

from app.db.models.cleaning_shapes import CleaningSummary
from app.db.models.decisions import Rule
from app.db.models.fields import Input, Moment, choice, moment_field, whole_number
from app.db.models.kinds import Subject, form, kind_type
from app.db.models.notification_kinds import Group, NotificationKind
from app.db.models.notification_preferences import MailMode
from app.db.models.order_shapes import OrderSummary
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfilePublic
from app.db.models.reported import ReportedThing
from app.db.models.stream import LARGEST_POSITION
from app.postgres.rows import Row

KEPT_FOR = timedelta(days=365)
"""How long notifications are kept."""

MOST_BEHIND = 100
"""The largest number of notifications that a stream sends at once."""

Position = Annotated[
    int, pydantic.Field(strict=True, ge=0, le=LARGEST_POSITION), BeforeValidator(whole_number)
]
"""A position in the stream."""


class Notification(Row, table=True):
    """What a user is told of an event. It says what the event says; no data is copied.

    One that is not listed in the app is stored nevertheless: its mail is made of it, and the doctor
    compares all with the events. The preferences of the moment of the event decide, so that later
    changes of them need not count what is unread again, and mail each notification once.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        form("kind"),
        CheckConstraint("position > 0", name="position"),
        Index("ix_notifications_created_at", "created_at"),  # those that expire first
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    position: int = Field(primary_key=True, sa_type=BigInteger)
    event_id: UUID
    kind: NotificationKind = Field(sa_type=kind_type())
    created_at: datetime = moment_field()
    listed: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    mail: MailMode = Field(
        default=MailMode.OFF,
        sa_type=choice(MailMode, "mail"),
        sa_column_kwargs={"server_default": MailMode.OFF},
    )


class NotificationBox(Row, table=True):
    """How far a user has read, and the number of listed notifications behind that.

    A user has a box from the first notification on.
    """

    __tablename__ = "notification_boxes"
    __table_args__ = (
        CheckConstraint("read_mark >= 0", name="read_mark"),
        CheckConstraint("unread >= 0", name="unread"),
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    read_mark: int = Field(default=0, sa_type=BigInteger)
    unread: int = 0

    def read(self, position: int, unread: int) -> None:
        """Moves the read mark forward.

        Args:
            position: The position of the last notification that was read.
            unread: The number of notifications behind it.
        """
        self.read_mark, self.unread = max(self.read_mark, position), unread


class NotificationFilters(PageParameters):
    """Filters of the caller's notifications."""

    unread: bool = Field(default=False, description="Only those behind the read mark")


class PackageSummary(SQLModel):
    """The package that a notification is about."""

    id: UUID
    name: str


class ThreadSummary(SQLModel):
    """The thread that a notification is about."""

    cleaning_id: UUID = Field(description="The job, or the order, whose job has the same id")
    cleaner_id: UUID
    order: OrderSummary | None = Field(description="The order of the job, if it was ordered")


class NotificationPublic(SQLModel):
    """A notification."""

    position: int = Field(
        description="The position of the event in the stream", schema_extra={"examples": [4711]}
    )
    kind: NotificationKind
    group: Group
    unread: bool = Field(description="Whether it is behind the read mark")
    subject: Subject = Field(description="The kind of thing that the event happened to")
    subject_id: UUID
    actor: ProfilePublic | None = Field(
        description="Who has caused the event; null for the clock and for the operator"
    )
    cleaning_id: UUID | None = Field(description="The job that it is about")
    cleaning: CleaningSummary | None = Field(description="Null if the caller can't see the job")
    booking_id: UUID | None = Field(description="The booking that it is about")
    package: PackageSummary | None = Field(description="The package that it is about")
    thread: ThreadSummary | None = Field(description="The thread that it is about")
    reported: ReportedThing | None = Field(
        description="What the report is about that the operator has decided about"
    )
    reason: str | None = Field(description="The reason that the operator has given")
    rule: Rule | None = Field(
        description="The rule of the market because of which the operator has hidden a thing, or "
        "blocked or deactivated the account"
    )
    created_at: Moment = Field(description="The time of the event")


class ReadMarkUpdate(Input):
    """How far the caller has read."""

    position: Position = Field(
        description="The position of the last notification that was read",
        schema_extra={"examples": [4711]},
    )


class ReadMark(SQLModel):
    """How far the caller has read."""

    position: int = Field(schema_extra={"examples": [4711]})
    unread: int = Field(
        description="The number of notifications behind it", schema_extra={"examples": [3]}
    )
