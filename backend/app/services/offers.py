"""Offers: making, revising, withdrawing, renewing, accepting and rejecting them."""

from uuid import UUID

from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.blocks import NotPossible
from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning, CleaningNotFound, NotOwner
from app.db.models.kinds import EventKind
from app.db.models.kinds.offers import OfferEvent
from app.db.models.offers import (
    DuplicateOffer,
    NotOfferer,
    Offer,
    OfferCreate,
    OffererBlocked,
    OfferNotFound,
    OfferOutdated,
    OfferRenewal,
    OfferUpdate,
    OwnCleaning,
)
from app.db.models.prices import PRICES_REFUSED
from app.db.models.states.cleanings import (
    CleaningExpired,
    CleaningHidden,
    CleaningMove,
    CleaningNotOpen,
)
from app.db.models.states.offers import OfferNotPending, OfferNotRenewable
from app.db.models.users import User
from app.db.repositories.blocks import BlockRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.offers import OfferRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.agreements import AgreementService


class OfferService:
    """The use cases of offers. Each locks accounts first, then the job, then the offer."""

    def __init__(self, transaction: Transaction) -> None:
        self._agreements = AgreementService(transaction)
        self._blocks = BlockRepository(transaction)
        self._cleanings = CleaningRepository(transaction)
        self._events = EventRepository(transaction)
        self._offers = OfferRepository(transaction)
        self._users = UserRepository(transaction)

    @raises(
        CleaningNotFound,
        OwnCleaning,
        CleaningExpired,
        CleaningNotOpen,
        NotPossible,
        DuplicateOffer,
        *PRICES_REFUSED,
    )
    async def make(self, caller: Bearer, cleaning_id: UUID, draft: OfferCreate) -> Offer:
        """Makes an offer for a job."""
        cleaning = await self._cleanings.lock_seen_by(caller, cleaning_id)
        if cleaning.owner_id == caller.user_id:
            raise OwnCleaning
        offer = Offer.on(cleaning, caller.user_id, draft)
        self._blocks.demand_free(caller.user_id, cleaning.owner_id)
        self._record(caller.user_id, offer, OfferEvent.CREATED)
        await self._offers.add(offer)  # with the others: one statement writes all
        return offer

    @raises(
        OfferNotFound,
        NotOfferer,
        CleaningExpired,
        OfferNotPending,
        NotPossible,
        PreconditionFailed,
        *PRICES_REFUSED,
    )
    async def revise(
        self,
        caller: User,
        cleaning_id: UUID,
        offer_id: UUID,
        changes: OfferUpdate,
        expected: ExpectedVersion,
    ) -> None:
        """Changes a pending offer."""
        cleaning, offer = await self._lock_as_cleaner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        cleaning.demand_not_expired()
        if offer.revise(changes):
            self._blocks.demand_free(caller.id, cleaning.owner_id)
            self._record(caller.id, offer, OfferEvent.EDITED)

    @raises(
        OfferNotFound,
        NotOwner,
        CleaningExpired,
        CleaningNotOpen,
        CleaningHidden,
        OfferNotPending,
        OfferOutdated,
        OffererBlocked,
        NotPossible,
        PreconditionFailed,
    )
    async def accept(
        self, caller: User, cleaning_id: UUID, offer_id: UUID, expected: ExpectedVersion
    ) -> Booking:
        """Accepts an offer; all others for the job are superseded."""
        blocked = await self._users.hold_offerer(caller.id, cleaning_id, offer_id)
        cleaning, offer = await self._lock_as_owner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        cleaning.book()
        offer.accept(cleaning)
        if blocked:
            raise OffererBlocked
        self._blocks.demand_free(caller.id, offer.cleaner_id)
        booking = self._agreements.conclude(caller, cleaning, offer)
        self._offers.supersede_pending(caller.id, cleaning.id)
        return booking

    @raises(OfferNotFound, NotOwner, OfferNotPending, PreconditionFailed)
    async def reject(
        self, caller: User, cleaning_id: UUID, offer_id: UUID, expected: ExpectedVersion
    ) -> None:
        """Rejects an offer."""
        cleaning, offer = await self._lock_as_owner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        offer.reject(cleaning)
        self._record(caller.id, offer, OfferEvent.REJECTED)

    @raises(OfferNotFound, NotOfferer, OfferNotPending, PreconditionFailed)
    async def withdraw(
        self, caller: User, cleaning_id: UUID, offer_id: UUID, expected: ExpectedVersion
    ) -> None:
        """Withdraws an offer."""
        _, offer = await self._lock_as_cleaner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        offer.withdraw()
        self._record(caller.id, offer, OfferEvent.WITHDRAWN)

    @raises(
        OfferNotFound,
        NotOfferer,
        CleaningExpired,
        CleaningNotOpen,
        CleaningHidden,
        OfferNotRenewable,
        NotPossible,
        PreconditionFailed,
        *PRICES_REFUSED,
    )
    async def renew(
        self,
        caller: User,
        cleaning_id: UUID,
        offer_id: UUID,
        renewal: OfferRenewal,
        expected: ExpectedVersion,
    ) -> None:
        """Renews an offer for the present terms of the job."""
        cleaning, offer = await self._lock_as_cleaner(caller, cleaning_id, offer_id)
        expected.demand(offer.version)
        cleaning.demand_open(CleaningMove.OFFER)
        cleaning.demand_shown()
        offer.renew(cleaning, renewal)
        self._blocks.demand_free(caller.id, cleaning.owner_id)
        self._record(caller.id, offer, OfferEvent.RENEWED)

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

    def _record(self, caller_id: UUID, offer: Offer, kind: EventKind) -> None:
        self._events.record(caller_id, kind, offer.id, offer.cleaning_id, price=str(offer.price))
