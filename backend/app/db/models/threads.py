"""Threads: the messages between the customer and the cleaner of a job."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import pydantic
from pydantic import BeforeValidator
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    and_,
    case,
    func,
    or_,
    text,
)
from sqlmodel import Field, SQLModel

from app.core.catalogues import N_
from app.core.errors import Conflict, NotFound
from app.db.models.cleaning_shapes import CleaningSummary
from app.db.models.events import Event
from app.db.models.fields import Input, Moment, id_field, moment_field, now, whole_number
from app.db.models.order_shapes import Party
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfilePublic
from app.db.models.states.cleanings import FINAL, CleaningStatus
from app.db.models.states.offers import OfferStatus
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


CLOSURES = {
    Closure.ACCOUNT_CLOSED: N_("The account of the other side was deleted or is blocked."),
    Closure.DELETED: N_("The job was deleted."),
    Closure.EXPIRED: N_("The start of the job has passed without a booking."),
    Closure.ENDED: N_("The job ended more than {days} days ago."),
    Closure.REJECTED: N_("The offer was rejected."),
    Closure.WITHDRAWN: N_("The offer was withdrawn."),
    Closure.HIDDEN: N_("Staff has hidden the job or the offer."),
}


class ThreadNotFound(NotFound):
    code = "thread_not_found"
    detail = "Thread not found. There is one from the first offer on."


class ThreadClosed(Conflict):
    """A thread in which no message can be sent."""

    code = "thread_closed"
    detail = "No message can be sent in this thread any more."

    def __init__(self, closure: Closure) -> None:
        super().__init__(CLOSURES[closure], values={"days": OPEN_FOR.days}, reason=closure)


class ThreadKey(NamedTuple):
    """The key of a thread.

    Args:
        cleaning_id: The job.
        cleaner_id: The cleaner who has made an offer for it.
    """

    cleaning_id: UUID
    cleaner_id: UUID


class Sides(NamedTuple):
    """The two sides of a thread, and its present state.

    Args:
        owner_id: The owner of the job.
        cleaner_id: The cleaner.
        closure: Why no message can be sent; None while the thread is open.
        booked: Whether the offer of the cleaner is accepted.
    """

    owner_id: UUID
    cleaner_id: UUID
    closure: str | None
    booked: bool

    def demand_open(self) -> None:
        """Refuses messages in a closed thread.

        Raises:
            ThreadClosed: It is closed.
        """
        if self.closure is not None:
            raise ThreadClosed(Closure(self.closure))


def closure(cleaning: Any, offer: Any) -> ColumnElement[Any]:
    """Why the thread of an offer is closed by the states of its job; null while it is open.

    Args:
        cleaning: The table class of the jobs, or columns of them.
        offer: The table class of the offers, or columns of them.
    """
    status = col(cleaning.status)
    is_expired = or_(
        status == inline(CleaningStatus.EXPIRED),
        and_(status == inline(CleaningStatus.OPEN), col(cleaning.starts_at) <= func.now()),
    )
    # Jobs that servers of the previous release have ended have no time of their end.
    ended_at = func.coalesce(col(cleaning.ended_at), col(cleaning.updated_at))
    has_ended = status.in_([inline(state) for state in FINAL])
    is_hidden = or_(col(cleaning.hidden_at).is_not(None), col(offer.hidden_at).is_not(None))
    return case(
        (col(cleaning.deleted_at).is_not(None), inline(Closure.DELETED)),
        (is_expired, inline(Closure.EXPIRED)),
        (and_(has_ended, ended_at <= func.now() - OPEN_FOR), inline(Closure.ENDED)),
        (col(offer.status) == inline(OfferStatus.REJECTED), inline(Closure.REJECTED)),
        (col(offer.status) == inline(OfferStatus.WITHDRAWN), inline(Closure.WITHDRAWN)),
        # The two sides of a booking see a hidden job.
        (
            and_(is_hidden, col(offer.status) != inline(OfferStatus.ACCEPTED)),
            inline(Closure.HIDDEN),
        ),
    )


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
    """The thread of a job and a cleaner, from the first message on.

    Its lock hands out the numbers of the messages. Each side has the number of the last message
    that it has read, and the number of those of the other side behind that.
    """

    __tablename__ = "threads"
    __table_args__ = (
        UniqueConstraint("cleaning_id", "cleaner_id"),
        CheckConstraint("messages >= 0", name="messages"),
        CheckConstraint("owner_id <> cleaner_id", name="sides"),
        *side_constraints("owner", "cleaning_id", "cleaner_id"),
        *side_constraints("cleaner", "cleaning_id"),
    )

    cleaning_id: UUID = Field(primary_key=True, foreign_key="cleanings.id")
    id: UUID = id_field()
    cleaner_id: UUID = Field(foreign_key="users.id")
    owner_id: UUID = Field(foreign_key="users.id")
    messages: int = 0
    sent_at: datetime = moment_field(default_factory=now)
    owner_read: int = 0
    owner_unread: int = 0
    cleaner_read: int = 0
    cleaner_unread: int = 0

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
    cleaning_id: UUID
    cleaner_id: UUID = Field(description="The public id of the cleaner, which is in its paths")
    role: Party = Field(description="The side of the caller")
    other: ProfilePublic = Field(description="The other side")
    cleaning: CleaningSummary | None = Field(description="Null if the caller can't see the job")
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
