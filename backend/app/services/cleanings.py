"""Jobs: posting, editing, cancelling and deleting them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.bookings import BookingStarted, Role
from app.db.models.categories import CategoryNotOffered
from app.db.models.cleanings import Cleaning, CleaningBooked, CleaningNotFound, NotOwner
from app.db.models.extras import UnknownExtra, picked
from app.db.models.kinds import EventKind
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.prices import PRICES_REFUSED
from app.db.models.states.cleanings import CleaningEnded, CleaningExpired, CleaningNotOpen
from app.db.models.states.offers import OfferStatus
from app.db.models.terms import CleaningCreate, CleaningUpdate
from app.db.models.users import User
from app.db.repositories.bookings import BookingRepository
from app.db.repositories.categories import CategoryRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.extras import ExtraRepository
from app.db.repositories.offers import OfferRepository
from app.db.repositories.uploads import UploadRepository
from app.postgres.transactions import Transaction
from app.services.agreements import AgreementService
from app.services.clock import ClockService


class CleaningService:
    """The use cases of jobs. Each locks the job first."""

    def __init__(self, transaction: Transaction) -> None:
        self._agreements = AgreementService(transaction)
        self._bookings = BookingRepository(transaction)
        self._categories = CategoryRepository(transaction)
        self._clock = ClockService(transaction)
        self._cleanings = CleaningRepository(transaction)
        self._events = EventRepository(transaction)
        self._extras = ExtraRepository(transaction)
        self._offers = OfferRepository(transaction)
        self._uploads = UploadRepository(transaction)

    @raises(CategoryNotOffered, UnknownExtra, *PRICES_REFUSED)
    async def post(
        self, caller: Bearer, draft: CleaningCreate, currency: str, language: str
    ) -> Cleaning:
        """Posts a job.

        Args:
            caller: The owner.
            draft: The terms of the job, and its language.
            currency: The currency of its price, unless the draft has one.
            language: The language of its texts, unless the draft has one.
        """
        extras = await self._admit(caller, draft, draft.language or language)
        cleaning = Cleaning.posted(draft, caller.user_id, currency, language)
        cleaning.demand_future_start()
        cleaning.extras = extras
        self._cleanings.add(cleaning)
        self._record(caller.user_id, cleaning, CleaningEvent.CREATED)
        return cleaning

    @raises(
        CleaningNotFound,
        NotOwner,
        CleaningExpired,
        CleaningNotOpen,
        PreconditionFailed,
        CategoryNotOffered,
        UnknownExtra,
        *PRICES_REFUSED,
    )
    async def edit(
        self, caller: User, cleaning_id: UUID, changes: CleaningUpdate, expected: ExpectedVersion
    ) -> None:
        """Changes the terms of a job, by which earlier offers become outdated, or its language.

        Args:
            caller: The owner, whose account is locked against a block, which counts its jobs.
            cleaning_id: The job.
            changes: The changes.
            expected: The expected version of the job.
        """
        cleaning = await self._cleanings.lock_own(caller.id, cleaning_id)
        expected.demand(cleaning.version)
        given = changes.model_dump(exclude_unset=True)
        category = given.get("category", cleaning.category)
        is_new = category != cleaning.category
        wanted = given.get("extras", [extra["slug"] for extra in cleaning.extras])
        kept = [] if is_new else cleaning.extras
        language = given.get("language", cleaning.language)
        extras = await self._pick(category, wanted, kept, language, is_new=is_new)
        revision = cleaning.edit(given | {"extras": extras}, caller.id)
        if revision is not None:
            self._cleanings.add(revision)
            self._record(caller.id, cleaning, CleaningEvent.EDITED)

    @raises(
        CleaningNotFound,
        NotOwner,
        CleaningExpired,
        CleaningEnded,
        BookingStarted,
        PreconditionFailed,
    )
    async def cancel(
        self, caller: User, cleaning_id: UUID, reason: str | None, expected: ExpectedVersion
    ) -> None:
        """Cancels a job, with its pending offers and its scheduled booking."""
        cleaning = await self._cleanings.lock_own(caller.id, cleaning_id)
        expected.demand(cleaning.version)
        cleaning.cancel(reason)
        booking = await self._bookings.live(cleaning.id)
        if booking is not None:
            booking.cancel(Role.OWNER, reason)
            offer = await self._offers.lock(cleaning.id, booking.offer_id)
            offer.end_booking(OfferStatus.SUPERSEDED)
            self._agreements.record_end(caller.id, BookingEvent.CANCELLED, cleaning, booking)
        self._record(caller.id, cleaning, CleaningEvent.CANCELLED)
        self._offers.supersede_pending(caller.id, cleaning.id)

    def cancel_all(self, caller: User, cleanings: Sequence[Cleaning]) -> None:
        """Cancels or expires open jobs of the caller, which must be locked."""
        expired = [cleaning for cleaning in cleanings if cleaning.is_expired]
        cancelled = [cleaning for cleaning in cleanings if not cleaning.is_expired]
        for cleaning in cancelled:
            cleaning.cancel(None)
        for cleaning in cancelled:
            self._record(caller.id, cleaning, CleaningEvent.CANCELLED)
        self._offers.supersede_pending(caller.id, *(cleaning.id for cleaning in cancelled))
        self._clock.expire(expired)

    @raises(CleaningNotFound, NotOwner, CleaningBooked, PreconditionFailed)
    async def delete(self, caller: User, cleaning_id: UUID, expected: ExpectedVersion) -> None:
        """Deletes a job that was never booked."""
        cleaning = await self._cleanings.lock_own(caller.id, cleaning_id)
        expected.demand(cleaning.version)
        if await self._bookings.exist_for(cleaning.id):
            raise CleaningBooked
        cleaning.delete()
        cleaning.photos = []
        self._uploads.delete_of_cleaning(cleaning.id)
        self._record(caller.id, cleaning, CleaningEvent.DELETED)
        self._offers.supersede_pending(caller.id, cleaning.id)

    async def _admit(
        self, caller: Bearer, draft: CleaningCreate, language: str
    ) -> list[dict[str, Any]]:
        """Locks the account of the caller, and makes the list of the extras of a new job.

        Args:
            caller: The owner.
            draft: The terms of the job.
            language: The language of the job.
        """
        found = None
        if draft.category and draft.extras:
            found = await self._extras.admit(caller, draft.category, draft.extras, language)
        if found is None:
            await self._categories.admit(caller, draft.category)
        return picked(draft.extras, found or {})

    async def _pick(
        self,
        category: str | None,
        wanted: Sequence[str],
        kept: Sequence[dict[str, Any]],
        language: str | None,
        *,
        is_new: bool,
    ) -> list[dict[str, Any]]:
        """Makes the list of the extras of a job.

        Args:
            category: The category of the job.
            wanted: The slugs of all extras.
            kept: Copies that the job has of extras of this category.
            language: The language of the job.
            is_new: Whether the job has not had this category.
        """
        copies = {extra["slug"]: extra for extra in kept}
        missing = [slug for slug in wanted if slug not in copies]
        if missing:
            copies |= await self._extras.find(category, missing, language, is_new=is_new)
        elif is_new:
            await self._categories.demand_offered(category)
        return picked(wanted, copies)

    def _record(self, caller_id: UUID, cleaning: Cleaning, kind: EventKind) -> None:
        self._events.record(caller_id, kind, cleaning.id, cleaning.id)
