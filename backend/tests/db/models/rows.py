"""Rows in any state, without a database."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.offers import Offer
from app.db.models.states.bookings import BookingStatus
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OWNER_ID, CLEANER_ID, STRANGER_ID = uuid4(), uuid4(), uuid4()


def cleaning_in(
    status: CleaningStatus = CleaningStatus.OPEN,
    *,
    starts_at: datetime | None = None,
    terms_revision: int = 1,
) -> Cleaning:
    """A job in a state."""
    return Cleaning(
        owner_id=OWNER_ID,
        name="Oven scrub",
        price=Decimal("50.00"),
        currency="EUR",
        language="en",
        starts_at=starts_at,
        status=status,
        terms_revision=terms_revision,
    )


def offer_in(
    status: OfferStatus = OfferStatus.PENDING, *, cleaning_id: UUID | None = None
) -> Offer:
    """An offer in a state, for the first wording of a job."""
    return Offer(
        cleaning_id=cleaning_id or uuid4(),
        cleaner_id=CLEANER_ID,
        price=Decimal("45.00"),
        currency="EUR",
        message="Tomorrow?",
        status=status,
        terms_revision=1,
    )


def booking_in(
    status: BookingStatus = BookingStatus.SCHEDULED, *, starts_at: datetime | None = None
) -> Booking:
    """A booking in a state."""
    cleaning = cleaning_in(starts_at=starts_at)
    booking = Booking.of(cleaning, offer_in(cleaning_id=cleaning.id))
    booking.status = status
    return booking
