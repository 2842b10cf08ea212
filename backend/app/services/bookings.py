"""Bookings: completion reports, completion, cancellation and no-shows."""

from datetime import timedelta
from uuid import UUID

from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.versions import ExpectedVersion
from app.db.models.bookings import (
    AlreadyReported,
    Booking,
    BookingNotFound,
    BookingNotStarted,
    BookingStarted,
    NotCleaner,
    Role,
)
from app.db.models.checklists import ChecklistItemNotFound, Tick
from app.db.models.cleanings import Cleaning, NotOwner
from app.db.models.kinds import EventKind
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.states.bookings import BookingNotScheduled
from app.db.models.states.offers import OfferStatus
from app.db.models.users import User
from app.db.repositories.bookings import BookingRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.offers import OfferRepository
from app.postgres.transactions import Transaction
from app.services.agreements import AgreementService


class BookingService:
    """The use cases of bookings. Each locks the job first.

    Args:
        transaction: The unit of work.
        answered_within: The time in which owners can answer a report that the work is done.
    """

    def __init__(self, transaction: Transaction, answered_within: timedelta) -> None:
        self._answered_within = answered_within
        self._agreements = AgreementService(transaction)
        self._bookings = BookingRepository(transaction)
        self._cleanings = CleaningRepository(transaction)
        self._events = EventRepository(transaction)
        self._offers = OfferRepository(transaction)

    @raises(
        BookingNotFound,
        NotCleaner,
        ChecklistItemNotFound,
        BookingNotScheduled,
        BookingNotStarted,
        PreconditionFailed,
    )
    async def tick(
        self,
        caller: User,
        cleaning_id: UUID,
        booking_id: UUID,
        number: int,
        tick: Tick,
        expected: ExpectedVersion,
    ) -> None:
        """Ticks off an item of the checklist in the name of the cleaner, or takes the tick back."""
        booking = await self._lock_as_cleaner(caller, cleaning_id, booking_id)
        expected.demand(booking.version)
        if booking.tick(number, done=tick.done):
            kind = BookingEvent.TICKED if tick.done else BookingEvent.UNTICKED
            self._record(caller, booking, kind, number=number)

    @raises(
        BookingNotFound,
        NotCleaner,
        BookingNotScheduled,
        BookingNotStarted,
        AlreadyReported,
        PreconditionFailed,
    )
    async def report(
        self, caller: User, cleaning_id: UUID, booking_id: UUID, expected: ExpectedVersion
    ) -> None:
        """Records the report of the cleaner that the work is done."""
        booking = await self._lock_as_cleaner(caller, cleaning_id, booking_id)
        expected.demand(booking.version)
        booking.report(self._answered_within)
        self._record(caller, booking, BookingEvent.REPORTED)

    @raises(BookingNotFound, NotOwner, BookingNotScheduled, BookingNotStarted, PreconditionFailed)
    async def complete(
        self, caller: User, cleaning_id: UUID, booking_id: UUID, expected: ExpectedVersion
    ) -> None:
        """Completes a booking, in the name of the owner."""
        cleaning, booking = await self._lock_as_owner(caller, cleaning_id, booking_id)
        expected.demand(booking.version)
        booking.complete()
        cleaning.complete()
        self._events.record(
            caller.id,
            CleaningEvent.COMPLETED,
            cleaning.id,
            cleaning.id,
            booking_id=str(booking.id),
        )

    @raises(BookingNotFound, BookingNotScheduled, BookingStarted, PreconditionFailed)
    async def cancel(
        self,
        caller: User,
        cleaning_id: UUID,
        booking_id: UUID,
        reason: str | None,
        expected: ExpectedVersion,
    ) -> None:
        """Cancels a booking in the name of one side, and reopens or cancels the job."""
        cleaning, booking, role = await self._lock(caller, cleaning_id, booking_id)
        expected.demand(booking.version)
        booking.cancel(role, reason)
        withdrawn = role is Role.CLEANER
        offer = await self._offers.lock(cleaning.id, booking.offer_id)
        offer.end_booking(OfferStatus.WITHDRAWN if withdrawn else OfferStatus.SUPERSEDED)
        cleaning.reopen()
        self._agreements.record_end(caller.id, BookingEvent.CANCELLED, cleaning, booking)

    @raises(BookingNotFound, NotOwner, BookingNotScheduled, BookingNotStarted, PreconditionFailed)
    async def miss(
        self, caller: User, cleaning_id: UUID, booking_id: UUID, expected: ExpectedVersion
    ) -> None:
        """Marks a booking as a no-show in the name of the owner, which ends the job."""
        cleaning, booking = await self._lock_as_owner(caller, cleaning_id, booking_id)
        expected.demand(booking.version)
        booking.miss()
        offer = await self._offers.lock(cleaning.id, booking.offer_id)
        offer.end_booking(OfferStatus.SUPERSEDED)
        cleaning.expire()
        self._agreements.record_end(caller.id, BookingEvent.MISSED, cleaning, booking)

    async def _lock(
        self, caller: User, cleaning_id: UUID, booking_id: UUID
    ) -> tuple[Cleaning, Booking, Role]:
        cleaning = await self._cleanings.lock_with_booking(caller.id, cleaning_id, booking_id)
        booking = await self._bookings.get(cleaning_id, booking_id)
        return cleaning, booking, booking.role_of(caller.id)

    async def _lock_as_owner(
        self, caller: User, cleaning_id: UUID, booking_id: UUID
    ) -> tuple[Cleaning, Booking]:
        cleaning, booking, role = await self._lock(caller, cleaning_id, booking_id)
        if role is not Role.OWNER:
            raise NotOwner
        return cleaning, booking

    async def _lock_as_cleaner(self, caller: User, cleaning_id: UUID, booking_id: UUID) -> Booking:
        _, booking, role = await self._lock(caller, cleaning_id, booking_id)
        if role is not Role.CLEANER:
            raise NotCleaner
        return booking

    def _record(
        self, caller: User, booking: Booking, kind: EventKind, **payload: str | int
    ) -> None:
        self._events.record(caller.id, kind, booking.id, booking.cleaning_id, **payload)
