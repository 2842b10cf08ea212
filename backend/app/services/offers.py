"""What cleaners and owners do with offers."""

from uuid import UUID

from app.core.versions import ExpectedVersion
from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning, NotOwner
from app.db.models.kinds import EventKind
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.models.offers import (
    NotOfferer,
    Offer,
    OfferCreate,
    OffererBlocked,
    OfferNotFound,
    OfferRenewal,
    OfferUpdate,
    OwnCleaning,
)
from app.db.models.users import User
from app.db.repositories.bookings import BookingRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.offers import OfferRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction


class OfferService:
    """The use cases of offers. Each locks accounts first, then the job, then the offer."""

    def __init__(self, transaction: Transaction) -> None:
        self._bookings = BookingRepository(transaction)
        self._cleanings = CleaningRepository(transaction)
        self._events = EventRepository(transaction)
        self._offers = OfferRepository(transaction)
        self._users = UserRepository(transaction)

    async def make(self, caller: User, cleaning_id: UUID, draft: OfferCreate) -> Offer:
        """A cleaner offers to do a job.

        Raises:
            CleaningNotFound: There is no such job.
            OwnCleaning: The caller posted it.
            CleaningExpired: Its start has passed.
            CleaningNotOpen: It is booked or has ended.
            DuplicateOffer: The caller has made an offer for it before.
            CurrencyNotSupported: New prices can't be in the currency of the job.
            PriceNotWhole: Prices in the currency of the job are whole.
        """
        cleaning = await self._cleanings.lock_visible(caller.id, cleaning_id)
        if cleaning.owner_id == caller.id:
            raise OwnCleaning
        offer = Offer.on(cleaning, caller.id, draft)
        self._record(caller, offer, OfferEvent.CREATED)
        await self._offers.add(offer)  # with the event: one statement writes both
        return offer

    async def revise(
        self,
        caller: User,
        cleaning_id: UUID,
        offer_id: UUID,
        changes: OfferUpdate,
        expected: ExpectedVersion,
    ) -> None:
        """The cleaner changes what they offer.

        Raises:
            OfferNotFound: There is none that the caller may see.
            NotOfferer: The caller is the owner of the job.
            PreconditionFailed: The offer has changed meanwhile.
            CleaningExpired: The start of the job has passed.
            OfferNotPending: It is no longer up for decision.
            CurrencyNotSupported: The price changes, and new prices can't be in its currency.
            PriceNotWhole: The price changes, and prices in its currency are whole.
        """
        cleaning, offer = await self._lock_as_cleaner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        cleaning.demand_not_expired()
        if offer.revise(changes):
            self._record(caller, offer, OfferEvent.EDITED)

    async def accept(
        self, caller: User, cleaning_id: UUID, offer_id: UUID, expected: ExpectedVersion
    ) -> Booking:
        """The owner takes an offer; all others are superseded.

        Raises:
            OfferNotFound: There is none that the caller may see.
            NotOwner: The caller is the cleaner who made it.
            PreconditionFailed: The offer has changed meanwhile.
            CleaningExpired: The start of the job has passed.
            CleaningNotOpen: The job is booked or has ended.
            OfferNotPending: The offer is no longer up for decision.
            OfferOutdated: The job has changed since the offer was made.
            CleaningHidden: Staff has hidden the job.
            OffererBlocked: The cleaner's account is blocked.
        """
        blocked = await self._users.hold_offerer(caller.id, cleaning_id, offer_id)
        cleaning, offer = await self._lock_as_owner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        cleaning.book()
        offer.accept(cleaning)
        if blocked:
            raise OffererBlocked
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
        self._offers.supersede_pending(cleaning.id)
        return booking

    async def reject(
        self, caller: User, cleaning_id: UUID, offer_id: UUID, expected: ExpectedVersion
    ) -> None:
        """The owner declines an offer.

        Raises:
            OfferNotFound: There is none that the caller may see.
            NotOwner: The caller is the cleaner who made it.
            PreconditionFailed: The offer has changed meanwhile.
            OfferNotPending: It is no longer up for decision.
        """
        cleaning, offer = await self._lock_as_owner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        offer.reject(cleaning)
        self._record(caller, offer, OfferEvent.REJECTED)

    async def withdraw(
        self, caller: User, cleaning_id: UUID, offer_id: UUID, expected: ExpectedVersion
    ) -> None:
        """The cleaner takes an offer back.

        Raises:
            OfferNotFound: There is none that the caller may see.
            NotOfferer: The caller is the owner of the job.
            PreconditionFailed: The offer has changed meanwhile.
            OfferNotPending: It is no longer up for decision.
        """
        _, offer = await self._lock_as_cleaner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        offer.withdraw()
        self._record(caller, offer, OfferEvent.WITHDRAWN)

    async def renew(
        self,
        caller: User,
        cleaning_id: UUID,
        offer_id: UUID,
        renewal: OfferRenewal,
        expected: ExpectedVersion,
    ) -> None:
        """The cleaner stands by an offer again.

        Raises:
            OfferNotFound: There is none that the caller may see.
            NotOfferer: The caller is the owner of the job.
            PreconditionFailed: The offer has changed meanwhile.
            CleaningExpired: The start of the job has passed.
            CleaningNotOpen: The job is booked or has ended.
            CleaningHidden: Staff has hidden the job.
            OfferNotRenewable: The offer speaks of the present terms already, and is pending or
                was rejected at a price that the renewal doesn't lower.
            Invalid: The currency has changed, so a price is needed.
            CurrencyNotSupported: New prices can't be in the currency of the job.
            PriceNotWhole: Prices in the currency of the job are whole.
        """
        cleaning, offer = await self._lock_as_cleaner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        cleaning.demand_open("offered on")
        cleaning.demand_shown()
        offer.renew(cleaning, renewal)
        self._record(caller, offer, OfferEvent.RENEWED)

    async def _lock(
        self, caller: User, cleaning_id: UUID, offer_id: UUID
    ) -> tuple[Cleaning, Offer]:
        cleaning = await self._cleanings.lock_with_offer(caller.id, cleaning_id, offer_id)
        offer = await self._offers.lock(cleaning_id, offer_id)
        if caller.id != offer.cleaner_id and offer.hidden_at:
            raise OfferNotFound
        return cleaning, offer

    async def _lock_as_owner(
        self, caller: User, cleaning_id: UUID, offer_id: UUID
    ) -> tuple[Cleaning, Offer]:
        cleaning, offer = await self._lock(caller, cleaning_id, offer_id)
        if caller.id != cleaning.owner_id:
            raise NotOwner
        return cleaning, offer

    async def _lock_as_cleaner(
        self, caller: User, cleaning_id: UUID, offer_id: UUID
    ) -> tuple[Cleaning, Offer]:
        cleaning, offer = await self._lock(caller, cleaning_id, offer_id)
        if caller.id != offer.cleaner_id:
            raise NotOfferer
        return cleaning, offer

    def _record(self, caller: User, offer: Offer, kind: EventKind) -> None:
        self._events.record(caller.id, kind, offer.id, offer.cleaning_id, price=str(offer.price))
