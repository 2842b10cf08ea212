"""Bookings in requests and answers."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.bookings import CancelledBy, Role
from app.db.models.checklists import BookedItem
from app.db.models.cleaning_shapes import CleaningSummary
from app.db.models.fields import Moment
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfilePublic
from app.db.models.searched import Language
from app.db.models.states.bookings import BookingStatus
from app.db.models.terms import CleaningTerms
from app.db.models.versioned import Tagged


class BookingPublic(SQLModel, Tagged):
    """A booking as its two sides see it."""

    id: UUID
    cleaning_id: UUID
    offer_id: UUID
    order_id: UUID | None = Field(description="The order that it comes from, if there is one")
    status: BookingStatus
    price: Decimal
    currency: str
    terms: CleaningTerms = Field(description="The terms of the job at the acceptance of the offer")
    language: Language | None = Field(
        description="The language of the terms and of the checklist (ISO 639-1); null for bookings "
        "of an earlier release",
        schema_extra={"examples": ["en"]},
    )
    checklist: list[BookedItem] = Field(
        description="The checklist of the category of the job at the acceptance of the offer"
    )
    cleaning: CleaningSummary | None = Field(description="Null if the caller can't see the job")
    owner_evaluated: bool = Field(description="Whether the owner has evaluated the cleaner")
    cleaner_evaluated: bool = Field(description="Whether the cleaner has evaluated the owner")
    owner: ProfilePublic
    cleaner: ProfilePublic
    cancelled_by: CancelledBy | None = Field(
        description="`clock` if it was neither reported nor answered 14 days after its start"
    )
    cancellation_reason: str | None
    reported_at: Moment | None = Field(description="When the cleaner reported the work done")
    completes_at: Moment | None = Field(
        description="When it completes unless the owner answers a report before"
    )
    created_at: Moment
    updated_at: Moment
    ended_at: Moment | None


class BookingFilters(PageParameters):
    """Filters of the caller's bookings."""

    role: Role | None = Field(default=None, description="Only those in which you have this role")
    status: BookingStatus | None = None


class EarnedMonth(SQLModel):
    """The completed bookings of a cleaner that ended in one month, in one currency."""

    month: str = Field(schema_extra={"examples": ["2030-05"]})
    currency: str
    bookings: int = Field(description="Their number")
    total: Decimal = Field(description="The sum of their prices")
