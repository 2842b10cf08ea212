"""Bookings: agreements between an owner and a cleaner."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, IllegalMove, NotFound
from app.db.models.cleanings import Cleaning, CleaningTerms
from app.db.models.fields import Moment, choice, id_field, moment_field, now
from app.db.models.offers import Offer
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfilePublic
from app.db.models.versioned import Versioned


class BookingStatus(StrEnum):
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Role(StrEnum):
    """The two sides of a booking."""

    OWNER = "owner"
    CLEANER = "cleaner"


class BookingNotFound(NotFound):
    code = "booking_not_found"
    detail = "There is no such booking."


class BookingNotScheduled(IllegalMove):
    code = "booking_not_scheduled"
    detail = "The booking has ended."
    thing = "booking"


class BookingNotStarted(Conflict):
    code = "booking_not_started"
    detail = "Nobody can have missed it yet: it is to start later."


class Booking(Versioned, table=True):
    """An accepted offer: price and terms stay as they were when it was made."""

    __tablename__ = "bookings"
    __table_args__ = (
        ForeignKeyConstraint(["cleaning_id", "offer_id"], ["offers.cleaning_id", "offers.id"]),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("owner_id <> cleaner_id", name="sides"),
        CheckConstraint("(status = 'scheduled') = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("(status = 'cancelled') = (cancelled_by IS NOT NULL)", name="cancelled"),
        Index(
            "uq_bookings_scheduled",
            "cleaning_id",
            unique=True,
            postgresql_where=text("status = 'scheduled'"),
        ),
        Index("ix_bookings_owner_id", "owner_id", "id"),  # the bookings of an owner
        Index("ix_bookings_cleaner_id", "cleaner_id", "id"),  # and those of a cleaner
        Index(  # whether two users are the sides of a live booking: they see each other's address
            "ix_bookings_scheduled_sides",
            "owner_id",
            "cleaner_id",
            postgresql_where=text("status = 'scheduled'"),
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
    status: BookingStatus = Field(
        default=BookingStatus.SCHEDULED, sa_type=choice(BookingStatus, "status")
    )
    cancelled_by: Role | None = Field(default=None, sa_type=choice(Role, "cancelled_by"))
    cancellation_reason: str | None = None
    ended_at: datetime | None = moment_field(default=None)

    @classmethod
    def of(cls, cleaning: Cleaning, offer: Offer) -> "Booking":
        """The agreement that an accepted offer makes."""
        return cls(
            cleaning_id=cleaning.id,
            offer_id=offer.id,
            owner_id=cleaning.owner_id,
            cleaner_id=offer.cleaner_id,
            price=offer.price,
            currency=offer.currency,
            terms=cleaning.terms,
        )

    def role_of(self, user_id: UUID) -> Role:
        """Says on which side a user is.

        Raises:
            BookingNotFound: On neither; they may not know of it.
        """
        if user_id == self.owner_id:
            return Role.OWNER
        if user_id == self.cleaner_id:
            return Role.CLEANER
        raise BookingNotFound

    def complete(self) -> None:
        """The work is done.

        Raises:
            BookingNotScheduled: It has ended already.
        """
        self._demand_scheduled("completed")
        self._end(BookingStatus.COMPLETED)

    def cancel(self, by: Role, reason: str | None) -> None:
        """One side calls it off.

        Raises:
            BookingNotScheduled: It has ended already.
        """
        self._demand_scheduled("cancelled")
        self._end(BookingStatus.CANCELLED)
        self.cancelled_by = by
        self.cancellation_reason = reason

    def miss(self) -> None:
        """The cleaner did not come.

        Raises:
            BookingNotScheduled: It has ended already.
            BookingNotStarted: The hour that was agreed has not come.
        """
        self._demand_scheduled("marked as a no-show")
        starts_at = CleaningTerms.model_validate(self.terms).starts_at
        if starts_at is not None and now() < starts_at:
            raise BookingNotStarted
        self._end(BookingStatus.NO_SHOW)

    def _demand_scheduled(self, move: str) -> None:
        BookingNotScheduled.unless(self.status, [BookingStatus.SCHEDULED], move)

    def _end(self, status: BookingStatus) -> None:
        self.status = status
        self.ended_at = now()
        self.touch()


class BookingPublic(SQLModel):
    """A booking as its two sides see it."""

    id: UUID
    cleaning_id: UUID
    offer_id: UUID
    status: BookingStatus
    price: Decimal
    currency: str
    terms: CleaningTerms = Field(description="What the job said when the offer was accepted")
    owner: ProfilePublic
    cleaner: ProfilePublic
    cancelled_by: Role | None
    cancellation_reason: str | None
    created_at: Moment
    updated_at: Moment
    ended_at: Moment | None


class BookingFilters(PageParameters):
    """Which of one's bookings are wanted."""

    role: Role | None = Field(default=None, description="Only those in which you have this role")
    status: BookingStatus | None = None
