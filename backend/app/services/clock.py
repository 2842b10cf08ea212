"""The clock: jobs expire, and bookings are completed or cancelled, when they are due."""

from collections.abc import Sequence

from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.states.offers import OfferStatus
from app.db.repositories.clock import ClockRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.offers import OfferRepository
from app.postgres.transactions import Transaction
from app.services.agreements import AgreementService


class ClockService:
    """The steps of the clock: each locks a batch of jobs, and skips locked ones.

    Several workers can run the steps concurrently, also with requests that change the same jobs:
    each step reads the present state after it has locked the job. Its events have no actor.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._agreements = AgreementService(transaction)
        self._due = ClockRepository(transaction)
        self._events = EventRepository(transaction)
        self._offers = OfferRepository(transaction)

    async def expire_overdue(self) -> int:
        """Expires open jobs whose start has passed, and returns their number."""
        cleanings = await self._due.lock_overdue()
        self.expire(cleanings)
        return len(cleanings)

    def expire(self, cleanings: Sequence[Cleaning]) -> None:
        """Expires locked jobs."""
        for cleaning in cleanings:
            cleaning.expire()
        for cleaning in cleanings:
            self._record(cleaning, CleaningEvent.EXPIRED)
        self._offers.supersede_pending(None, *(cleaning.id for cleaning in cleanings))

    async def complete_reported(self) -> int:
        """Completes bookings with an unanswered report, and returns their number."""
        due = await self._with_bookings(await self._due.lock_reported())
        due = [(cleaning, booking) for cleaning, booking in due if booking.is_confirmed_by_time]
        for cleaning, booking in due:
            booking.complete()
            cleaning.complete()
            self._record(cleaning, CleaningEvent.COMPLETED, booking_id=str(booking.id))
        return len(due)

    async def cancel_forgotten(self) -> int:
        """Cancels bookings without a report long after the start, and returns their number."""
        due = await self._with_bookings(await self._due.lock_forgotten())
        due = [(cleaning, booking) for cleaning, booking in due if booking.is_forgotten]
        for cleaning, booking in due:
            offer = await self._offers.lock(cleaning.id, booking.offer_id)
            offer.end_booking(OfferStatus.SUPERSEDED)
            booking.forget()
            cleaning.expire()
            self._agreements.record_end(None, BookingEvent.CANCELLED, cleaning, booking)
        return len(due)

    async def _with_bookings(self, cleanings: Sequence[Cleaning]) -> list[tuple[Cleaning, Booking]]:
        """Reads the scheduled bookings of locked jobs."""
        if not cleanings:
            return []
        found = {cleaning.id: cleaning for cleaning in cleanings}
        bookings = await self._due.bookings_of(list(found))
        return [(found[booking.cleaning_id], booking) for booking in bookings]

    def _record(self, cleaning: Cleaning, kind: CleaningEvent, **payload: str) -> None:
        self._events.record(None, kind, cleaning.id, cleaning.id, **payload)
