"""Readings: staff reads a thread because of a report, or for a stated reason."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.core.contacts import ContactKind
from app.core.errors import Conflict, NotFound
from app.db.models.fields import Input, Moment, Reason, id_field, moment_field, now
from app.db.models.photos import Photo
from app.db.models.profiles import ProfilePublic
from app.postgres.rows import Row

READ_FOR = timedelta(hours=24)
"""How long a member of staff can read the thread."""


class ThreadReadingNotFound(NotFound):
    code = "thread_reading_not_found"
    detail = (
        "You have no such reading of a thread, or it has ended: it lasts "
        f"{READ_FOR.total_seconds() // 3600:.0f} hours."
    )


class InvolvedInThread(Conflict):
    code = "involved_in_thread"
    detail = "You are a side of this thread."


class ReportOfNoMessage(Conflict):
    code = "report_of_no_message"
    detail = "The report is not about a message, or about a photo of one."


class ThreadReading(Row, table=True):
    """A reading of a thread by a member of staff. It is never changed.

    It has the sides of the thread, to which it is shown, and no foreign key to the thread, so that
    the tables of jobs can be distributed.
    """

    __tablename__ = "thread_readings"
    __table_args__ = (
        CheckConstraint("num_nonnulls(report_id, reason) = 1", name="ground"),
        CheckConstraint("staff_id NOT IN (owner_id, cleaner_id)", name="staff"),
        Index("ix_thread_readings_owner_id", "owner_id", "id"),  # for the exports of both sides
        Index("ix_thread_readings_cleaner_id", "cleaner_id", "id"),
        Index(  # the present readings of a member of staff, for files of photos
            "ix_thread_readings_staff_id", "staff_id", "cleaning_id", "cleaner_id", "created_at"
        ),
    )

    id: UUID = id_field()
    staff_id: UUID = Field(foreign_key="users.id")
    cleaning_id: UUID
    owner_id: UUID = Field(foreign_key="users.id")
    cleaner_id: UUID = Field(foreign_key="users.id")
    report_id: UUID | None = Field(default=None, foreign_key="reports.id")
    reason: str | None = None
    created_at: datetime = moment_field(default_factory=now)


class ThreadReadingCreate(Input):
    """A new reading of a thread, for a reason."""

    cleaning_id: UUID = Field(
        description="The job of the thread, or the order, whose job has the same id",
        schema_extra={"examples": ["018f0d2c-6f0e-7d33-8a56-0242ac120002"]},
    )
    cleaner_id: UUID = Field(
        description="The cleaner of the thread",
        schema_extra={"examples": ["018f0d2c-6f0e-7d33-8a56-0242ac120003"]},
    )
    reason: Reason = Field(
        description="Both sides of the thread are told it, and the audit keeps it for good: it "
        "should contain no names",
        schema_extra={"examples": ["The message asks for a payment outside the market."]},
    )


class ThreadReadingPublic(SQLModel):
    """A reading of a thread, as the member of staff sees it."""

    id: UUID
    cleaning_id: UUID = Field(description="The job, or the order, whose job has the same id")
    owner: ProfilePublic = Field(description="The owner of the job, or the customer of the order")
    cleaner: ProfilePublic
    report_id: UUID | None
    reason: str | None = Field(description="Null if it is read because of a report")
    created_at: Moment
    ends_at: Moment = Field(description="Until when the messages can be read")


class MessageForStaff(SQLModel):
    """A message as staff sees it in a thread."""

    number: int = Field(description="The place in the thread, from 1 on")
    sender_id: UUID
    text: str | None = Field(
        description="Null if the account of the sender was deleted",
        schema_extra={"examples": ["Call me: 0171 2345678"]},
    )
    earlier_texts: list[str] = Field(description="Those of its earlier versions, oldest first")
    contacts: list[ContactKind] = Field(
        description="The kinds of contact details in it, if it was sent before a booking"
    )
    photos: list[Photo] = Field(
        description="Those that are ready and not hidden. Their files can be read while the "
        "reading lasts"
    )
    created_at: Moment
    edited_at: Moment | None
