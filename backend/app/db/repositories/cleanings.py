"""The queries of cleaning jobs."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    case,
    func,
    join,
    or_,
    select,
)

from app.core.errors import NotFound
from app.core.languages import Languages
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.bookings import BookingNotFound
from app.db.models.cleanings import Cleaning, CleaningNotFound, NotOwner
from app.db.models.listings import CleaningFilters
from app.db.models.offers import CleaningDetail, Offer, OfferCounts, OfferNotFound
from app.db.models.states.offers import OfferStatus
from app.db.models.terms import CleaningRevision, CleaningRevisionPublic
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, CLEANING_ID, Item, ItemQuery, json_object
from app.db.repositories.browsing import find
from app.db.repositories.cleaning_listing import JOBS
from app.db.repositories.cleaning_locks import (
    BOOKED_FOR,
    OFFERED_ON,
    OWN,
    lock,
    lock_under_way,
    lock_with_caller,
)
from app.db.repositories.offer_views import OfferView
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, SearchPage
from app.db.repositories.person_views import Person
from app.db.repositories.photo_views import shown_photos
from app.db.repositories.users import UserRepository
from app.db.repositories.views import (
    CleaningView,
    is_shared,
    order_of,
    shown_terms,
    visible_cleaning,
    visible_summary,
)
from app.postgres.statements import Source, Statement, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction


class CleaningRepository:
    """The jobs, in a unit of work."""

    _locking = lock()
    _locking_own = lock(OWN)
    _locking_visible = lock(
        col(User.blocked_at).is_(None),
        or_(col(Cleaning.hidden_at).is_(None), OWN),
        is_shared(Cleaning),
        owned=True,
    )
    _locking_with_caller = lock_with_caller()
    _locking_with_offer = lock(or_(OWN, OFFERED_ON.exists()))
    _locking_with_booking = lock(or_(OWN, BOOKED_FOR.exists()))
    _visible = Statement(visible_cleaning(CLEANING_ID))
    _locking_under_way = lock_under_way()

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._users = UserRepository(transaction)

    def add(self, row: Cleaning | CleaningRevision) -> None:
        """Adds a new job, or a revision of one."""
        self._transaction.add(row)

    async def lock(self, cleaning_id: UUID) -> Cleaning:
        """A job, locked until the end of the transaction.

        Each change of a job, or of anything that belongs to it, takes this lock first, so that no
        two changes of one job can cross. Callers who may not make the change don't get the lock.

        Raises:
            CleaningNotFound: There is none.
        """
        return await self._lock(self._locking, CleaningNotFound, cleaning_id)

    async def lock_own(self, caller_id: UUID, cleaning_id: UUID) -> Cleaning:
        """Like `lock`, for the owner of the job.

        Raises:
            CleaningNotFound: There is none that the caller may see.
            NotOwner: The caller may see it, but it is not theirs.
        """
        who = {"caller_id": caller_id, "cleaning_id": cleaning_id}
        cleaning = await self._transaction.one(self._locking_own, **who)
        if cleaning is None:
            seen = await self._visible.fetch(self._transaction, **who)
            raise NotOwner if seen else CleaningNotFound
        return cleaning

    async def lock_visible(self, caller_id: UUID, cleaning_id: UUID) -> Cleaning:
        """Like `lock`, for callers who find the job.

        Raises:
            CleaningNotFound: There is none, its owner is blocked, or it is another user's and
                hidden, or it comes from an order of others.
        """
        return await self._lock(
            self._locking_visible, CleaningNotFound, cleaning_id, caller_id=caller_id
        )

    async def lock_seen_by(self, caller: Bearer, cleaning_id: UUID) -> Cleaning:
        """Locks the account of the caller against changes, and then like `lock_visible`.

        It takes one statement. Only if that finds nothing does each by itself, to say what is
        wrong.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
            CleaningNotFound: There is none that the caller finds.
        """
        cleaning = await self._transaction.one(
            self._locking_with_caller,
            caller_id=caller.user_id,
            session_id=caller.session_id,
            cleaning_id=cleaning_id,
        )
        if cleaning is None:
            await self._users.caller_locked(caller)
            cleaning = await self.lock_visible(caller.user_id, cleaning_id)
        return cleaning

    async def lock_with_offer(self, caller_id: UUID, cleaning_id: UUID, offer_id: UUID) -> Cleaning:
        """Like `lock`, for the owner of the job and the cleaner who made the offer.

        Raises:
            OfferNotFound: The caller is neither.
        """
        return await self._lock(
            self._locking_with_offer,
            OfferNotFound,
            cleaning_id,
            caller_id=caller_id,
            offer_id=offer_id,
        )

    async def lock_with_booking(
        self, caller_id: UUID, cleaning_id: UUID, booking_id: UUID
    ) -> Cleaning:
        """Like `lock`, for the owner of the job and the cleaner of the booking.

        Raises:
            BookingNotFound: The caller is neither.
        """
        return await self._lock(
            self._locking_with_booking,
            BookingNotFound,
            cleaning_id,
            caller_id=caller_id,
            booking_id=booking_id,
        )

    async def lock_under_way(self, user_id: UUID) -> Sequence[Cleaning]:
        """The open jobs that a user has posted or has a pending offer for, kept from others.

        They are locked in one order, so that two who do this at once can't block each other.
        """
        return await self._transaction.all(self._locking_under_way, user_id=user_id)

    async def _lock(
        self,
        query: RowQuery[Cleaning],
        missing: type[NotFound],
        cleaning_id: UUID,
        **further: UUID,
    ) -> Cleaning:
        cleaning = await self._transaction.one(query, cleaning_id=cleaning_id, **further)
        if cleaning is None:
            raise missing
        return cleaning


def _counts() -> ColumnElement[Any]:
    counted = {
        status.value: func.count().filter(col(Offer.status) == inline(status))
        for status in OfferStatus
    }
    return (
        select(json_object(OfferCounts, **counted))
        .where(col(Offer.cleaning_id) == Cleaning.id, col(Offer.hidden_at).is_(None))
        .scalar_subquery()
    )


def _own_offer() -> ColumnElement[Any]:
    offer = OfferView(summary=visible_summary)
    return (
        select(offer.json)
        .select_from(offer.cleaner.joined(Offer))
        .where(col(Offer.cleaning_id) == Cleaning.id, col(Offer.cleaner_id) == CALLER_ID)
        .correlate(Cleaning)
        .scalar_subquery()
    )


def _detail(*, for_visitors: bool) -> ItemQuery:
    view = CleaningView()
    return ItemQuery(
        select()
        .select_from(view.owner.joined(Cleaning))
        .where(col(Cleaning.id) == CLEANING_ID, view.visible),
        item=view.json(
            CleaningDetail,
            my_offer=_own_offer(),
            offer_counts=case((col(Cleaning.owner_id) == CALLER_ID, _counts())),
            photos=shown_photos(Cleaning),
            hidden=col(Cleaning.hidden_at).is_not(None),
            order_id=order_of(Cleaning),
            revision=col(Cleaning.terms_revision),
        ),
        version=col(Cleaning.version),
        missing=CleaningNotFound,
        for_visitors=for_visitors,
    )


@cache
def _revisions(shape: PageShape) -> PageQuery:
    editor = Person(col(CleaningRevision.editor_id))
    return PageQuery(
        select()
        .select_from(editor.joined(join(CleaningRevision, Cleaning)))
        .where(col(CleaningRevision.cleaning_id) == CLEANING_ID),
        item=json_object(
            CleaningRevisionPublic,
            CleaningRevision,
            terms=shown_terms(col(CleaningRevision.terms), col(Cleaning.owner_id) == CALLER_ID),
            edited_by=editor.json,
            edited_at=col(CleaningRevision.created_at),
        ),
        keys=[col(CleaningRevision.revision)],
        shape=shape,
        within=visible_cleaning(CLEANING_ID),
        missing=CleaningNotFound,
    )


class CleaningReader:
    """Reads of jobs."""

    _for_members, _for_visitors = (_detail(for_visitors=it) for it in (False, True))

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(CleaningNotFound)
    async def one(self, caller: Bearer | None, cleaning_id: UUID) -> Item:
        """A job, as the caller or a visitor sees it."""
        query = self._for_members if caller else self._for_visitors
        return await query.one(self._source, caller, cleaning_id=cleaning_id)

    async def browse(
        self,
        caller: Bearer | None,
        filters: CleaningFilters,
        request: PageRequest,
        currency: str,
        languages: Languages,
    ) -> SearchPage:
        """The jobs that match all filters, in the order that is asked for.

        Args:
            caller: The caller; None for a visitor.
            filters: Which jobs are wanted, and in which order.
            request: The requested page.
            currency: Whose prices are meant, if the filters name none.
            languages: The languages of the market.
        """
        return await find(JOBS, self._source, caller, filters, request, currency, languages)

    @raises(CleaningNotFound)
    async def revisions(self, caller: Bearer, cleaning_id: UUID, request: PageRequest) -> Page:
        """The earlier wordings of a job, newest first."""
        query = _revisions(request.shape)
        return await query.page(self._source, caller, request, cleaning_id=cleaning_id)
