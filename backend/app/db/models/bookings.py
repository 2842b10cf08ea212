"""Bookings: agreements between an owner and a cleaner."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.errors import Conflict, Forbidden, NotFound
from app.db.models.checklists import BookedItem, ChecklistItemNotFound, copied_checklist
from app.db.models.cleanings import Cleaning
from app.db.models.fields import choice, id_field, moment_field, now
from app.db.models.json_columns import json_list
from app.db.models.offers import Offer
from app.db.models.states.bookings import BookingMove, BookingStatus
from app.db.models.states.moves import Move, Stateful
from app.db.models.terms import TERMS_DUE
from app.postgres.rows import Expressions

UNREPORTED_FOR = timedelta(days=14)
"""How long after its start the clock cancels a booking whose work was not reported."""

REACHABLE_FOR = timedelta(days=14)
"""How long after its completion the two sides of a booking see how to reach each other."""


class Role(StrEnum):
    """The two sides of a booking."""

    OWNER = "owner"
    CLEANER = "cleaner"


class CancelledBy(StrEnum):
    """Who cancelled a booking: one of its sides, or the clock."""

    OWNER = "owner"
    CLEANER = "cleaner"
    CLOCK = "clock"


class NotCleaner(Forbidden):
    code = "not_cleaner"
    detail = "Only the booked cleaner may do this."


class BookingNotFound(NotFound):
    code = "booking_not_found"
    detail = "Booking not found."


class BookingNotStarted(Conflict):
    code = "booking_not_started"
    detail = "The booking has not started. Until then, it can only be cancelled."


class BookingStarted(Conflict):
    code = "booking_started"
    detail = (
        "The booking has started, and can no longer be cancelled. "
        "Its owner can mark it as done or as a no-show, its cleaner can report the work done."
    )


class AlreadyReported(Conflict):
    code = "already_reported"
    detail = "The work was already reported as done."


class Booking(Stateful, table=True):
    """An accepted offer, with the price and the terms at its acceptance."""

    __tablename__ = "bookings"
    __table_args__ = (
        ForeignKeyConstraint(["cleaning_id", "offer_id"], ["offers.cleaning_id", "offers.id"]),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("owner_id <> cleaner_id", name="sides"),
        CheckConstraint("(status = 'scheduled') = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("(status = 'cancelled') = (cancelled_by IS NOT NULL)", name="cancelled"),
        CheckConstraint("jsonb_typeof(checklist) = 'array'", name="checklist"),
        CheckConstraint("language ~ '^[a-z]{2}$'", name="language"),
        CheckConstraint(
            "(completes_at IS NOT NULL) = (reported_at IS NOT NULL AND status = 'scheduled')",
            name="completes_at",
        ),
        Index(
            "uq_bookings_scheduled",
            "cleaning_id",
            unique=True,
            postgresql_where=text("status = 'scheduled'"),
        ),
        Index("ix_bookings_owner_id", "owner_id", "id"),  # the bookings of an owner
        Index("ix_bookings_cleaner_id", "cleaner_id", "id"),  # and those of a cleaner
        # Whether two users are the sides of a live booking, or of one that was completed lately:
        # they see each other's email address and phone number.
        Index(
            "ix_bookings_scheduled_sides",
            "owner_id",
            "cleaner_id",
            postgresql_where=text("status = 'scheduled'"),
        ),
        Index(
            "ix_bookings_completed_sides",
            "owner_id",
            "cleaner_id",
            "ended_at",
            postgresql_where=text("status = 'completed'"),
        ),
        Index(  # the reported booking that the clock completes first
            "ix_bookings_completes_at",
            "completes_at",
            postgresql_where=text("completes_at IS NOT NULL"),
        ),
        Index(  # the bookings whose terms lack fields
            "ix_bookings_terms_due", "cleaning_id", "id", postgresql_where=text(TERMS_DUE)
        ),
    )

    cleaning_id: UUID = Field(primary_key=True)
    id: UUID = id_field()
    offer_id: UUID
    owner_id: UUID = Field(foreign_key="users.id")
    cleaner_id: UUID = Field(foreign_key="users.id")
    price: Decimal = Field(sa_type=Numeric(10, 2))
    currency: str = Field(max_length=3)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    language: str | None = Field(default=None, max_length=2)
    checklist: list[dict[str, Any]] = json_list()
    status: BookingStatus = Field(
        default=BookingStatus.SCHEDULED, sa_type=choice(BookingStatus, "status")
    )
    cancelled_by: CancelledBy | None = Field(
        default=None, sa_type=choice(CancelledBy, "cancelled_by")
    )
    cancellation_reason: str | None = None
    reported_at: datetime | None = moment_field(default=None)
    completes_at: datetime | None = moment_field(default=None)
    ended_at: datetime | None = moment_field(default=None)

    @classmethod
    def of(cls, cleaning: Cleaning, offer: Offer) -> "Booking":
        """Returns a new booking of an accepted offer."""
        return cls(
            cleaning_id=cleaning.id,
            offer_id=offer.id,
            owner_id=cleaning.owner_id,
            cleaner_id=offer.cleaner_id,
            price=offer.price,
            currency=offer.currency,
            terms=cleaning.terms,
            language=cleaning.language,
        )

    @classmethod
    def inserted(cls, written: Expressions) -> Expressions:
        """The checklist that the category of the job brings now."""
        return {"checklist": copied_checklist(written["terms"], written["language"])}

    def role_of(self, user_id: UUID) -> Role:
        """Returns the side of a user.

        Raises:
            BookingNotFound: The user has no part in the booking, and may not learn of it.
        """
        if user_id == self.owner_id:
            return Role.OWNER
        if user_id == self.cleaner_id:
            return Role.CLEANER
        raise BookingNotFound

    @property
    def starts_at(self) -> datetime | None:
        """The agreed start."""
        starts_at = self.terms["starts_at"]
        return datetime.fromisoformat(starts_at) if starts_at else None

    @property
    def is_confirmed_by_time(self) -> bool:
        """Whether the work was reported as done, and the time for an answer is over."""
        return self.completes_at is not None and self.completes_at <= now()

    @property
    def is_forgotten(self) -> bool:
        """Whether it was neither reported nor ended for `UNREPORTED_FOR` after its start."""
        scheduled = self.status is BookingStatus.SCHEDULED and self.reported_at is None
        starts_at = self.starts_at
        return scheduled and starts_at is not None and starts_at + UNREPORTED_FOR <= now()

    def tick(self, number: int, *, done: bool) -> bool:
        """Ticks off an item of the checklist, or takes its tick back.

        Args:
            number: The number of the item, from 1 on.
            done: Whether it is done.

        Returns:
            Whether that changes anything.

        Raises:
            ChecklistItemNotFound: The checklist has no such item.
            BookingNotScheduled: The booking has ended.
            BookingNotStarted: The agreed start lies in the future.
        """
        if not 1 <= number <= len(self.checklist):
            raise ChecklistItemNotFound
        self.demand(BookingMove.TICK)
        self._demand_not_later()
        item = self.checklist[number - 1]
        if (item["done_at"] is not None) == done:
            return False
        changed = BookedItem(**{**item, "done_at": now() if done else None}).model_dump(mode="json")
        self.checklist = [*self.checklist[: number - 1], changed, *self.checklist[number:]]
        self.touch()
        return True

    def report(self, answered_within: timedelta) -> None:
        """Records the cleaner's report that the work is done.

        Args:
            answered_within: How long the owner has to answer. After that, the clock completes it.

        Raises:
            BookingNotScheduled: It has ended.
            BookingNotStarted: The agreed start lies in the future.
            AlreadyReported: The work was reported before.
        """
        self.demand(BookingMove.REPORT)
        self._demand_not_later()
        if self.reported_at is not None:
            raise AlreadyReported
        self.reported_at = now()
        self.completes_at = self.reported_at + answered_within
        self.touch()

    def complete(self) -> None:
        """Completes the booking.

        Raises:
            BookingNotScheduled: It has ended.
            BookingNotStarted: The agreed start lies in the future.
        """
        self.demand(BookingMove.COMPLETE)
        self._demand_not_later()
        self._end(BookingMove.COMPLETE)

    def cancel(self, by: Role, reason: str | None) -> None:
        """Cancels the booking.

        Args:
            by: The side that cancels it.
            reason: The reason, as the side gives it.

        Raises:
            BookingNotScheduled: It has ended.
            BookingStarted: The agreed start has passed.
        """
        self.demand(BookingMove.CANCEL)
        if self.starts_at is not None and self.starts_at <= now():
            raise BookingStarted
        self.cancelled_by = CancelledBy(by)
        self.cancellation_reason = reason
        self._end(BookingMove.CANCEL)

    def forget(self) -> None:
        """Cancels the booking in the name of the clock, since neither side has ended it.

        Raises:
            BookingNotScheduled: It has ended.
        """
        self.demand(BookingMove.CANCEL)
        self.cancelled_by = CancelledBy.CLOCK
        self._end(BookingMove.CANCEL)

    def miss(self) -> None:
        """Marks the booking as a no-show: the cleaner did not appear.

        Raises:
            BookingNotScheduled: It has ended.
            BookingNotStarted: The agreed start lies in the future, or there is none.
        """
        self.demand(BookingMove.MISS)
        if self.starts_at is None:
            raise BookingNotStarted("The booking has no start to be missed. Cancel it instead.")
        self._demand_not_later()
        self._end(BookingMove.MISS)

    def _demand_not_later(self) -> None:
        if self.starts_at is not None and self.starts_at > now():
            raise BookingNotStarted

    def _end(self, move: Move) -> None:
        self.move(move)
        self.completes_at = None
        self.ended_at = now()
