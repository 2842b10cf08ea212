"""Agreements: an accepted offer becomes a booking, which may end without the work."""

from uuid import UUID

from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.offers import Offer
from app.db.models.users import User
from app.db.repositories.bookings import BookingRepository
from app.db.repositories.events import EventRepository
from app.postgres.transactions import Transaction


class AgreementService:
    """Makes bookings, for the acceptance of an offer and for that of an order, and records ends."""

    def __init__(self, transaction: Transaction) -> None:
        self._bookings = BookingRepository(transaction)
        self._events = EventRepository(transaction)

    def conclude(self, caller: User, cleaning: Cleaning, offer: Offer) -> Booking:
        """Books a job.

        Args:
            caller: The user whose acceptance makes the agreement.
            cleaning: The booked job, which is locked or new.
            offer: The accepted offer.
        """
        booking = Booking.of(cleaning, offer)
        self._bookings.add(booking)
        self._events.record(
            caller.id,
            CleaningEvent.BOOKED,
            cleaning.id,
            cleaning.id,
            booking_id=str(booking.id),
            offer_id=str(offer.id),
        )
        return booking

    def record_end(
        self, actor_id: UUID | None, kind: BookingEvent, cleaning: Cleaning, booking: Booking
    ) -> None:
        """Records the end of a booking without the work, and of its offer.

        Args:
            actor_id: The side that ends it; None for the clock.
            kind: How it ends.
            cleaning: The job, in its new state.
            booking: The booking.
        """
        self._events.record(
            actor_id,
            kind,
            booking.id,
            cleaning.id,
            cleaning_status=cleaning.status,
            offer_id=str(booking.offer_id),
        )
