"""Threads: the messages between the customer and the cleaner of a job or an order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

import pydantic
from pydantic import BeforeValidator
from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    and_,
    text,
)
from sqlmodel import Field, SQLModel

from app.core.catalogues import N_
from app.core.errors import Conflict, NotFound
from app.db.models.cleaning_shapes import CleaningSummary
from app.db.models.events import JOB, Event
from app.db.models.fields import Input, Moment, id_field, moment_field, now, whole_number
from app.db.models.order_shapes import OrderSummary, Party
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfilePublic
from app.postgres.rows import Row
from app.postgres.statements import col, inline

IS_FIRST_UNREAD = col(Event.payload)[inline("unread")].astext == inline("1")
"""Whether the message of an event is the only one that the other side had not read then."""
OPEN_FOR = timedelta(days=30)
"""How long after the end of the job a thread stays open."""
MOST_MESSAGES = 1_000_000
"""A bound of the numbers of messages in requests, beyond what the rate limit lets a thread have."""

MessageNumber = Annotated[
    int, pydantic.Field(strict=True, ge=0, le=MOST_MESSAGES), BeforeValidator(whole_number)
]
"""The number of a message in its thread."""


class Closure(StrEnum):
    """Why no message can be sent in a thread."""

    ACCOUNT_CLOSED = "account_closed"
    DELETED = "deleted"
    EXPIRED = "expired"
    ENDED = "ended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"


CLOSURES = {
    Closure.ACCOUNT_CLOSED: N_("The account of the other side was deleted or is blocked."),
    Closure.DELETED: N_("The job was deleted."),
    Closure.EXPIRED: N_("The start of the job has passed without a booking."),
    Closure.ENDED: N_("The job ended more than {days} days ago."),
    Closure.REJECTED: N_("The offer was rejected."),
    Closure.WITHDRAWN: N_("The offer was withdrawn."),
    Closure.HIDDEN: N_("Staff has hidden the job or the offer."),
    Closure.DECLINED: N_("The cleaner has declined the order."),
    Closure.CANCELLED: N_("The customer has cancelled the order."),
    Closure.UNANSWERED: N_("The cleaner did not answer in time."),
}


class ThreadNotFound(NotFound):
    code = "thread_not_found"
    detail = "Thread not found. There is one from the first offer, or from the order, on."


class ThreadClosed(Conflict):
    """A thread in which no message can be sent."""

    code = "thread_closed"
    detail = "No message can be sent in this thread any more."

    def __init__(self, closure: Closure) -> None:
        super().__init__(CLOSURES[closure], values={"days": OPEN_FOR.days}, reason=closure)


class ThreadKey(NamedTuple):
    """The key of a thread.

    Args:
        cleaning_id: The job, or the order, whose job has the same id.
        cleaner_id: The cleaner who has made an offer for it; None for the cleaner of the order.
    """

    cleaning_id: UUID
    cleaner_id: UUID | None = None


class Sides(NamedTuple):
    """The two sides of a thread, and its present state.

    Args:
        cleaning_id: The job, or the order.
        owner_id: The owner of the job, or the customer of the order.
        cleaner_id: The cleaner.
        closure: Why no message can be sent; None while the thread is open.
        booked: Whether the offer of the cleaner is accepted.
        under_way: Whether their booking is scheduled.
        ordered: Whether it is the thread of an order that has no job yet.
    """

    cleaning_id: UUID
    owner_id: UUID
    cleaner_id: UUID
    closure: str | None
    booked: bool
    under_way: bool
    ordered: bool

    @property
    def key(self) -> ThreadKey:
        """The key of the thread, with the cleaner."""
        return ThreadKey(self.cleaning_id, self.cleaner_id)

    def demand_open(self) -> None:
        """Refuses messages in a closed thread.

        Raises:
            ThreadClosed: It is closed.
        """
        if self.closure is not None:
            raise ThreadClosed(Closure(self.closure))


def side_constraints(side: str, *order: str) -> Sequence[Any]:
    """The constraints of the read mark of a side, and the index of its list of threads.

    Args:
        side: The beginning of the names of its columns.
        order: The columns that tell its threads apart.
    """
    return (
        CheckConstraint(f"{side}_read BETWEEN 0 AND messages", name=f"{side}_read"),
        CheckConstraint(
            f"{side}_unread BETWEEN 0 AND messages - {side}_read", name=f"{side}_unread"
        ),
        # Those with unread messages first, then the latest message first.
        Index(
            f"ix_threads_{side}",
            f"{side}_id",
            text(f"LEAST({side}_unread, 1)"),
            "sent_at",
            *order,
        ),
    )


class Thread(Row, table=True):
    """The thread of a job, or of an order, and a cleaner, from the first message on.

    An order and its job have the same id, so the thread of an order goes on as that of its job. The
    cleaner has made an offer for the job; or, if the thread began before there was a job, is the
    seller of the order. One foreign key ensures the one, and one the other: the column of the other
    is null. All of them contain the id of the job, so that the tables can be distributed by job.

    Its lock hands out the numbers of the messages. Each side has the number of the last message
    that it has read, and the number of those of the other side behind that.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Column("offerer_id", Uuid, Computed("NULLIF(cleaner_id, seller_id)", persisted=True)),
        UniqueConstraint("cleaning_id", "cleaner_id"),
        ForeignKeyConstraint(
            ["cleaning_id", "offerer_id"], ["offers.cleaning_id", "offers.cleaner_id"]
        ),
        ForeignKeyConstraint(["cleaning_id", "seller_id"], ["orders.id", "orders.cleaner_id"]),
        CheckConstraint("seller_id = cleaner_id", name="seller_id"),
        CheckConstraint("messages >= 0", name="messages"),
        CheckConstraint("owner_id <> cleaner_id", name="sides"),
        *side_constraints("owner", "cleaning_id", "cleaner_id"),
        *side_constraints("cleaner", "cleaning_id"),
    )

    __mapper_args__: ClassVar = {"exclude_properties": ["offerer_id"]}

    cleaning_id: UUID = Field(primary_key=True)
    id: UUID = id_field()
    cleaner_id: UUID = Field(foreign_key="users.id")
    seller_id: UUID | None = None
    owner_id: UUID = Field(foreign_key="users.id")
    messages: int = 0
    sent_at: datetime = moment_field(default_factory=now)
    owner_read: int = 0
    owner_unread: int = 0
    cleaner_read: int = 0
    cleaner_unread: int = 0

    @property
    def place(self) -> dict[str, UUID]:
        """The key of what its events are within: its job; its order, if it began before the job."""
        return {"order_id" if self.seller_id else "cleaning_id": self.cleaning_id}

    def hand_out(self, sender_id: UUID) -> int:
        """Returns the number of a new message, which is unread for the other side."""
        self.messages += 1
        self.sent_at = now()
        if sender_id == self.owner_id:
            self.cleaner_unread += 1
        else:
            self.owner_unread += 1
        return self.messages

    def unread_of_other(self, sender_id: UUID) -> int:
        """The number of messages that the other side has not read."""
        return self.cleaner_unread if sender_id == self.owner_id else self.owner_unread

    def read_mark_of(self, user_id: UUID) -> int:
        """The number of the last message that a side has read."""
        return self.owner_read if user_id == self.owner_id else self.cleaner_read

    def read(self, user_id: UUID, number: int, unread: int) -> None:
        """Sets the read mark of a side.

        Args:
            user_id: The side.
            number: The number of the last message that it has read.
            unread: The number of messages of the other side behind it.
        """
        if user_id == self.owner_id:
            self.owner_read, self.owner_unread = number, unread
        else:
            self.cleaner_read, self.cleaner_unread = number, unread


OF_EVENT = and_(col(Thread.cleaning_id) == JOB, col(Thread.id) == Event.subject_id)
"""The condition that an event is one of a thread."""


class ThreadFilters(PageParameters):
    """Filters of the caller's threads."""

    role: Party | None = Field(default=None, description="Only those in which you have this role")


class LastMessage(SQLModel):
    """The last message of a thread."""

    number: int
    sender_id: UUID
    excerpt: str | None = Field(
        description="The beginning of the text; null if the account of the sender was deleted",
        schema_extra={"examples": ["Is there a lift?"]},
    )
    created_at: Moment


class ThreadPublic(SQLModel):
    """A thread as one of its sides sees it."""

    id: UUID | None = Field(description="The subject of its events; null before the first message")
    cleaning_id: UUID = Field(description="The job, or the order, whose job has the same id")
    cleaner_id: UUID = Field(description="The public id of the cleaner, which is in its paths")
    role: Party = Field(description="The side of the caller")
    other: ProfilePublic = Field(description="The other side")
    cleaning: CleaningSummary | None = Field(
        description="Null if there is no job yet, or if the caller can't see it"
    )
    order: OrderSummary | None = Field(description="The order of the job, if it was ordered")
    closed: Closure | None = Field(description="Why no message can be sent; null while it is open")
    messages: int = Field(description="The number of the last message")
    read_mark: int = Field(description="The number of the last message that the caller has read")
    unread: int = Field(description="The number of messages of the other side behind it")
    last_message: LastMessage | None


class ThreadReadMarkUpdate(Input):
    """How far the caller has read a thread."""

    number: MessageNumber = Field(
        description="The number of the last message that was read", schema_extra={"examples": [12]}
    )
