"""The queries of cleaning jobs."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Uuid,
    case,
    func,
    join,
    or_,
    select,
)

from app.core.errors import NotFound
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.bookings import Booking, BookingNotFound
from app.db.models.cleanings import Cleaning, CleaningNotFound, CleaningStatus, NotOwner
from app.db.models.fields import new_id
from app.db.models.listings import CleaningFilters, CleaningSort
from app.db.models.offers import (
    CleaningDetail,
    Offer,
    OfferCounts,
    OfferNotFound,
    OfferStatus,
)
from app.db.models.terms import CleaningRevision, CleaningRevisionPublic
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, Item, ItemQuery, json_object
from app.db.repositories.listings import FILTERS, Kind, asked_for, browse
from app.db.repositories.offer_views import OfferView
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.searches import WALKED, search
from app.db.repositories.views import (
    CleaningView,
    Person,
    shown_terms,
    visible_cleaning,
    visible_summary,
)
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

CLEANING_ID = argument("cleaning_id", Uuid())


OWN = col(Cleaning.owner_id) == CALLER_ID
OFFERED_ON = select(col(Offer.id)).where(
    col(Offer.cleaning_id) == CLEANING_ID,
    col(Offer.id) == argument("offer_id", Uuid()),
    col(Offer.cleaner_id) == CALLER_ID,
)
"""The offer, if the caller has made it."""
BOOKED_FOR = select(col(Booking.id)).where(
    col(Booking.cleaning_id) == CLEANING_ID,
    col(Booking.id) == argument("booking_id", Uuid()),
    col(Booking.cleaner_id) == CALLER_ID,
)
"""The booking, if the caller is its cleaner."""


def _lock(*conditions: ColumnElement[bool], owned: bool = False) -> RowQuery[Cleaning]:
    """Locks a job.

    Args:
        conditions: What must hold of it. A job of which it doesn't is not waited for either, so
            that the time of an answer tells nothing of jobs that the caller may not see.
        owned: Whether the conditions are about the owner's account, too.
    """
    found = select(Cleaning).where(
        col(Cleaning.id) == CLEANING_ID, col(Cleaning.deleted_at).is_(None), *conditions
    )
    if owned:
        found = found.join(User, col(User.id) == Cleaning.owner_id)
    return RowQuery(found.with_for_update(key_share=True, of=Cleaning))


def _lock_under_way() -> RowQuery[Cleaning]:
    user_id = argument("user_id", Uuid())
    posted = select(col(Cleaning.id)).where(col(Cleaning.owner_id) == user_id)
    offered = select(col(Offer.cleaning_id)).where(
        col(Offer.cleaner_id) == user_id, col(Offer.status) == OfferStatus.PENDING
    )
    return RowQuery(
        select(Cleaning)
        .where(
            col(Cleaning.id).in_(posted.union_all(offered)),
            col(Cleaning.status) == CleaningStatus.OPEN,
            col(Cleaning.deleted_at).is_(None),
        )
        .order_by(col(Cleaning.id))
        .with_for_update(key_share=True, of=Cleaning)
    )


class CleaningRepository:
    """The jobs, for a unit of work."""

    _locking = _lock()
    _locking_own = _lock(OWN)
    _locking_visible = _lock(
        col(User.blocked_at).is_(None), or_(col(Cleaning.hidden_at).is_(None), OWN), owned=True
    )
    _locking_with_offer = _lock(or_(OWN, OFFERED_ON.exists()))
    _locking_with_booking = _lock(or_(OWN, BOOKED_FOR.exists()))
    _visible = Statement(visible_cleaning(CLEANING_ID))
    _locking_under_way = _lock_under_way()

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, row: Cleaning | CleaningRevision) -> None:
        """Keeps a new job, or an earlier wording of one."""
        self._transaction.add(row)

    async def lock(self, cleaning_id: UUID) -> Cleaning:
        """A job, kept from others until the transaction ends.

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
            CleaningNotFound: There is none, its owner is blocked, or it is somebody else's and
                hidden.
        """
        return await self._lock(
            self._locking_visible, CleaningNotFound, cleaning_id, caller_id=caller_id
        )

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


def _detail() -> ItemQuery:
    view = CleaningView()
    return ItemQuery(
        select()
        .select_from(view.owner.joined(Cleaning))
        .where(col(Cleaning.id) == CLEANING_ID, view.visible),
        item=view.json(
            CleaningDetail,
            my_offer=_own_offer(),
            offer_counts=case((col(Cleaning.owner_id) == CALLER_ID, _counts())),
            hidden=col(Cleaning.hidden_at).is_not(None),
        ),
        version=col(Cleaning.version),
        missing=CleaningNotFound,
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
    """What callers may see of jobs."""

    _detail = _detail()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(CleaningNotFound)
    async def one(self, caller: Bearer, cleaning_id: UUID) -> Item:
        """A job."""
        return await self._detail.one(self._source, caller, cleaning_id=cleaning_id)

    async def browse(
        self, caller: Bearer, filters: CleaningFilters, request: PageRequest, currency: str
    ) -> Page:
        """The jobs that match all filters, in the order that is asked for.

        Args:
            caller: Who asks.
            filters: Which jobs are wanted, and in which order.
            request: Which part of the list is wanted.
            currency: Whose prices are meant, if the filters name none.
        """
        asked = asked_for(filters, currency)
        given = frozenset(FILTERS.keys() & asked)
        if filters.q is not None and filters.sort is None:
            asked["moment"] = UUID(request.after[-1]) if request.after else new_id()
            query = search(given & WALKED, request.shape)
        else:
            query = browse(Kind.of(filters.sort or CleaningSort.NEWEST, given), request.shape)
        return await query.page(self._source, caller, request, **asked)

    @raises(CleaningNotFound)
    async def revisions(self, caller: Bearer, cleaning_id: UUID, request: PageRequest) -> Page:
        """The earlier wordings of a job, newest first."""
        query = _revisions(request.shape)
        return await query.page(self._source, caller, request, cleaning_id=cleaning_id)
