"""The queries of offers."""

from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Update,
    Uuid,
    any_,
    cast,
    func,
    join,
    select,
    update,
)
from sqlalchemy.orm import aliased

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning, CleaningNotFound
from app.db.models.fields import new_id, now
from app.db.models.kinds.offers import OfferEvent
from app.db.models.offers import DuplicateOffer, Offer, OfferNotFound
from app.db.models.states.offers import OfferStatus
from app.db.repositories.base import CALLER_ID, CLEANING_ID, MOMENT, OFFER_ID, Item, ItemQuery
from app.db.repositories.constraints import constraints
from app.db.repositories.events import recording
from app.db.repositories.offer_views import OfferView
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.db.repositories.views import visible_cleaning, visible_summary
from app.postgres.statements import Source, Statement, argument, col, inline, unseen
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

STATUS_WANTED = col(Offer.status) == argument("status", Text())
OF_JOB = ("id", "owner_id", "status", "name", "starts_at", "terms_revision", "hidden_at")
"""What is to be known of the job of an offer to show the offer."""


class OfferKey(NamedTuple):
    """Which offer."""

    cleaning_id: UUID
    id: UUID


def _ending(status: OfferStatus, found: ColumnElement[bool]) -> Update:
    return (
        update(Offer)
        .where(found, col(Offer.status) == OfferStatus.PENDING)
        .values(
            status=status,
            updated_at=MOMENT,
            version=col(Offer.version) + 1,
        )
    )


def _superseding() -> Statement:
    """Supersedes offers, with an event for each."""
    of_jobs = col(Offer.cleaning_id) == any_(argument("cleaning_ids", ARRAY(Uuid())))
    superseded = (
        _ending(OfferStatus.SUPERSEDED, of_jobs)
        .returning(col(Offer.cleaning_id), col(Offer.id), col(Offer.price))
        .cte("superseded")
    )
    price = func.jsonb_build_object(inline("price"), cast(superseded.c.price, Text))
    return Statement(recording(OfferEvent.SUPERSEDED, superseded, price))


class OfferRepository:
    """The offers, in a unit of work."""

    _locking = RowQuery(
        select(Offer)
        .where(col(Offer.cleaning_id) == CLEANING_ID, col(Offer.id) == OFFER_ID)
        .with_for_update(key_share=True)
    )
    _superseding = _superseding()
    _withdrawing = Statement(
        _ending(
            OfferStatus.WITHDRAWN, col(Offer.cleaner_id) == argument("cleaner_id", Uuid())
        ).returning(col(Offer.cleaning_id), col(Offer.id))
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, offer: Offer) -> None:
        """Adds a new offer.

        Raises:
            DuplicateOffer: Its cleaner has made one for the job before.
        """
        with constraints({"uq_offers_cleaning_id_cleaner_id": DuplicateOffer}):
            self._transaction.add(offer)
            await self._transaction.flush()

    async def lock(self, cleaning_id: UUID, offer_id: UUID) -> Offer:
        """An offer, locked until the end of the transaction.

        Raises:
            OfferNotFound: The job has no such offer.
        """
        offer = await self._transaction.one(
            self._locking, cleaning_id=cleaning_id, offer_id=offer_id
        )
        if offer is None:
            raise OfferNotFound
        return offer

    def supersede_pending(self, actor_id: UUID | None, *cleaning_ids: UUID) -> None:
        """Ends all offers for jobs that are still up for decision, and records it.

        Args:
            actor_id: The user who ends or books the jobs; None for the clock.
            cleaning_ids: The jobs.
        """
        if cleaning_ids:
            self._transaction.put(
                self._superseding,
                cleaning_ids=list(cleaning_ids),
                actor_id=actor_id,
                first_id=new_id(),
                moment=now(),
            )

    async def withdraw_pending_of(self, cleaner_id: UUID) -> Sequence[OfferKey]:
        """Takes back all offers of a cleaner that are still up for decision, and names them."""
        rows = await self._withdrawing.fetch(self._transaction, cleaner_id=cleaner_id, moment=now())
        return [OfferKey(*row) for row in rows]


def _one() -> ItemQuery:
    view = OfferView()
    return ItemQuery(
        select()
        .select_from(view.cleaner.joined(join(Offer, Cleaning)))
        .where(
            col(Offer.cleaning_id) == CLEANING_ID,
            col(Offer.id) == OFFER_ID,
            view.visible,
            col(Cleaning.deleted_at).is_(None),
        ),
        item=view.json,
        version=col(Offer.version),
        missing=OfferNotFound,
    )


@cache
def _of_cleaning(shape: PageShape, *, by_status: bool) -> PageQuery:
    view = OfferView(summary=visible_summary)
    found = [col(Offer.cleaning_id) == CLEANING_ID, view.visible]
    if by_status:
        found.append(STATUS_WANTED)
    return PageQuery(
        select().select_from(view.cleaner.joined(join(Offer, Cleaning))).where(*found),
        item=view.json,
        keys=[col(Offer.id)],
        shape=shape,
        within=visible_cleaning(CLEANING_ID),
        missing=CleaningNotFound,
    )


@cache
def _own(shape: PageShape, *, by_status: bool) -> PageQuery:
    own = (
        select(Offer, *(col(getattr(Cleaning, name)).label(f"its_{name}") for name in OF_JOB))
        .join(Cleaning)
        .where(unseen(col(Offer.cleaner_id) == CALLER_ID), col(Cleaning.deleted_at).is_(None))
    )
    if by_status:
        own = own.where(STATUS_WANTED)
    rows = part(own, [col(Offer.id)], shape, by_index=True).subquery()
    offer = aliased(Offer, rows)
    cleaning = SimpleNamespace(**{name: rows.c[f"its_{name}"] for name in OF_JOB})
    view = OfferView(offer, cleaning, CALLER_ID)
    return PageQuery(
        select().select_from(view.cleaner.joined(offer)),
        item=view.json,
        keys=[col(offer.id)],
        shape=shape,
    )


class OfferReader:
    """Reads of offers: those they made, and those for their own jobs."""

    _one = _one()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(OfferNotFound)
    async def one(self, caller: Bearer, cleaning_id: UUID, offer_id: UUID) -> Item:
        """An offer."""
        return await self._one.one(self._source, caller, cleaning_id=cleaning_id, offer_id=offer_id)

    @raises(CleaningNotFound)
    async def of_cleaning(
        self, caller: Bearer, cleaning_id: UUID, status: OfferStatus | None, request: PageRequest
    ) -> Page:
        """The offers for a job that the caller may see, newest first.

        Args:
            caller: The caller.
            cleaning_id: Which job.
            status: The state to filter by, if any.
            request: The requested page.
        """
        given = {"status": status} if status else {}
        query = _of_cleaning(request.shape, by_status=bool(given))
        return await query.page(self._source, caller, request, cleaning_id=cleaning_id, **given)

    async def own(self, caller: Bearer, status: OfferStatus | None, request: PageRequest) -> Page:
        """The offers that the caller has made, newest first.

        Args:
            caller: The caller.
            status: The state to filter by, if any.
            request: The requested page.
        """
        given = {"status": status} if status else {}
        query = _own(request.shape, by_status=bool(given))
        return await query.page(self._source, caller, request, **given)
