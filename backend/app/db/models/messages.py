"""Messages between the customer and the cleaner of a job, and their earlier versions."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
)
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.core.contacts import ContactKind
from app.core.errors import Conflict, Forbidden, NotFound
from app.db.models.fields import Input, Moment, moment_field, now, omittable, text
from app.db.models.photos import MOST_OF_MESSAGE, Photo, UploadIds
from app.db.models.versioned import Tagged, Versioned
from app.postgres.rows import Row

EDITABLE_FOR = timedelta(minutes=15)
"""How long after its sending a message can be edited."""

MessageText = Annotated[str, text(4000, shortest=1)]
"""The text of a message."""


class MessageNotFound(NotFound):
    code = "message_not_found"
    detail = "Message not found."


class NotSender(Forbidden):
    code = "not_sender"
    detail = "Only the sender of a message may do this."


class MessageNotEditable(Conflict):
    code = "message_not_editable"
    detail = (
        f"A message can be edited for {EDITABLE_FOR.total_seconds() // 60:.0f} minutes "
        "after its sending."
    )


class MessageVersion(Row, table=True):
    """An earlier version of a message."""

    __tablename__ = "message_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cleaning_id", "cleaner_id", "message"],
            ["messages.cleaning_id", "messages.cleaner_id", "messages.number"],
        ),
        CheckConstraint("number > 0", name="number"),
        Index("ix_message_versions_sender_id", "sender_id"),  # for erasure
    )

    cleaning_id: UUID = Field(primary_key=True)
    cleaner_id: UUID = Field(primary_key=True)
    message: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    sender_id: UUID = Field(foreign_key="users.id")
    text: str
    written_at: datetime = moment_field()


class Message(Versioned, table=True):
    """A message. The text is null once the account of the sender is deleted.

    Contact details in one that was sent before a booking are named in `contacts`, for the sender
    and for staff. An edit does not take them back: the other side sees the earlier version.
    """

    __tablename__ = "messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cleaning_id", "cleaner_id"], ["threads.cleaning_id", "threads.cleaner_id"]
        ),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint("(revision > 1) = (edited_at IS NOT NULL)", name="edited_at"),
        Index(
            "uq_messages_client_id",
            *("cleaning_id", "cleaner_id", "sender_id", "client_id"),
            unique=True,
            # The planner would look up messages by number in an index of all of them, too.
            postgresql_where=sql("client_id IS NOT NULL"),
        ),
        Index("ix_messages_sender_id", "sender_id", "created_at"),  # those of a user, for exports
        Index(  # the list for staff
            "ix_messages_flagged",
            *("created_at", "cleaning_id", "cleaner_id", "number"),
            postgresql_where=sql("contacts <> '{}'"),
        ),
    )

    cleaning_id: UUID = Field(primary_key=True)
    cleaner_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    sender_id: UUID = Field(foreign_key="users.id")
    client_id: UUID | None = None
    text: str | None
    contacts: list[str] = Field(sa_type=ARRAY(Text))
    revision: int = 1
    edited_at: datetime | None = moment_field(default=None)

    def demand_editable(self, user_id: UUID) -> None:
        """Refuses other users than the sender, and edits that come too late.

        Raises:
            NotSender: The user is another.
            MessageNotEditable: It was sent too long ago.
        """
        if user_id != self.sender_id:
            raise NotSender
        if self.created_at + EDITABLE_FOR <= now():
            raise MessageNotEditable

    def edit(self, text: str, contacts: list[str]) -> MessageVersion | None:
        """Changes the text.

        Args:
            text: The new text.
            contacts: The kinds of contact details to be flagged in it.

        Returns:
            The former version, if the text has changed.
        """
        if text == self.text or self.text is None:
            return None
        former = MessageVersion(
            cleaning_id=self.cleaning_id,
            cleaner_id=self.cleaner_id,
            message=self.number,
            number=self.revision,
            sender_id=self.sender_id,
            text=self.text,
            written_at=self.edited_at or self.created_at,
        )
        self.take_over(
            {
                "text": text,
                "contacts": sorted({*self.contacts, *contacts}),
                "revision": self.revision + 1,
                "edited_at": now(),
            }
        )
        return former


class MessageCreate(Input):
    """A new message."""

    text: MessageText = Field(schema_extra={"examples": ["Is there a lift?"]})
    client_id: UUID | None = Field(
        default=None,
        description="An id that the client has made for this message. A message with the same id "
        "is sent only once: a repeat is answered with the message that was sent",
        schema_extra={"examples": ["019ca6ff-0000-7000-8000-000000000000"]},
    )
    photos: UploadIds = Field(
        default=[],
        max_length=MOST_OF_MESSAGE,
        description="The ids of the caller's uploads, in the order in which they are shown. They "
        "belong to nothing else. They may still be processed: they are shown as soon as they "
        "are ready",
        schema_extra={"examples": [[]]},
    )


class MessageUpdate(Input):
    """A change of a message. The earlier text is kept as a version."""

    text: MessageText = omittable(schema_extra={"examples": ["Is there a lift, and is it large?"]})


class MessagePublic(SQLModel, Tagged):
    """A message as the two sides of its thread see it."""

    number: int = Field(description="The place in the thread, from 1 on")
    sender_id: UUID
    text: str | None = Field(
        description="Null if the account of the sender was deleted",
        schema_extra={"examples": ["Is there a lift?"]},
    )
    warnings: list[ContactKind] = Field(
        description="The kinds of contact details in a message that was sent before a booking, or "
        "in an earlier version of it; staff sees such messages. Shown to the sender"
    )
    photos: list[Photo] = Field(
        description="Those that are ready and not hidden. Only the two sides of the thread can "
        "read the files: by the API, where their paths begin with `/api/v1`, or logged in on the "
        "pages"
    )
    pending_photos: int = Field(description="The number of photos that are not ready yet")
    created_at: Moment
    edited_at: Moment | None = Field(
        description="The time of the last change of the text; null if there was none"
    )


class FlaggedMessage(SQLModel):
    """A message with contact details that was sent before a booking, as staff sees it."""

    cleaning_id: UUID
    cleaner_id: UUID
    number: int
    sender_id: UUID
    text: str | None = Field(schema_extra={"examples": ["Call me: 0171 2345678"]})
    earlier_texts: list[str] = Field(description="Those of its earlier versions, oldest first")
    contacts: list[ContactKind]
    created_at: Moment
