"""Personal data of bookings."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.bookings import Booking, CancelledBy, Role
from app.db.models.checklists import BookedItem
from app.db.models.fields import Moment, Username
from app.db.models.privacy import RECORD_KEPT, Holding, Personal, Tier, alike, within
from app.db.models.privacy.cleanings import FIGURES, TERMS
from app.db.models.privacy.evaluations import EvaluationExport
from app.db.models.states.bookings import BookingStatus
from app.db.models.terms import CleaningTerms
from app.postgres.statements import col


class BookingExport(SQLModel):
    """A booking of the user as owner or cleaner."""

    id: UUID
    cleaning_id: UUID
    offer_id: UUID
    role: Role = Field(description="One's own")
    other_side: Username
    price: Decimal
    currency: str
    terms: CleaningTerms = Field(description="The address is its owner's only")
    language: str | None
    checklist: list[BookedItem]
    status: BookingStatus
    cancelled_by: CancelledBy | None
    cancellation_reason: str | None
    evaluation_given: EvaluationExport | None
    evaluation_received: EvaluationExport | None = Field(description="Null if it is hidden")
    reported_at: Moment | None
    completes_at: Moment | None
    created_at: Moment
    updated_at: Moment
    ended_at: Moment | None


AGREED = Personal(Tier.PARTICIPANT, "record of the agreement", RECORD_KEPT)
CANCELLED = Personal(Tier.PARTICIPANT, "reason of the cancellation")

HOLDINGS = (
    Holding(
        "bookings",
        "owner_id",
        {
            **within("terms", TERMS | {"name": AGREED} | alike(FIGURES, AGREED)),
            **alike(("price", "currency"), AGREED),
            "cancellation_reason": CANCELLED,
        },
        others=(
            *("cleaning_id", "id", "offer_id", "owner_id", "cleaner_id", "status", "version"),
            *("language", "checklist"),
            *("cancelled_by", "created_at", "updated_at"),
            *("reported_at", "completes_at", "ended_at"),
        ),
        foreign={"cancellation_reason": col(Booking.cancelled_by) != CancelledBy.OWNER},
    ),
    Holding(
        "bookings",
        "cleaner_id",
        {**alike(("price", "currency"), AGREED), "cancellation_reason": CANCELLED},
        foreign={"cancellation_reason": col(Booking.cancelled_by) != CancelledBy.CLEANER},
    ),
)
