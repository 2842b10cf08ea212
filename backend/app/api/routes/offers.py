"""Offers for cleaning jobs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.bookings import BookingReader
from app.api.dependencies.offers import OfferReader, OfferService
from app.db.models.booking_shapes import BookingPublic
from app.db.models.offers import (
    OfferCreate,
    OfferFilters,
    OfferPublic,
    OfferRenewal,
    OfferUpdate,
)
from app.db.models.pages import PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("offers", "Offers of cleaners for jobs")

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "/cleanings/{cleaning_id}/offers",
    status_code=201,
    summary="Make an offer",
    response_model=OfferPublic,
    responses=problems(OfferService.make),
)
async def make_offer(
    cleaning_id: UUID,
    token: Token,
    offers: OfferService,
    shown: OfferReader,
    request: Request,
    draft: OfferCreate | None = None,
) -> Response:
    """Makes an offer for a job, at the price of the job unless another is given."""
    offer = await offers.make(token, cleaning_id, draft or OfferCreate())
    return item_response(
        await shown.one(token, cleaning_id, offer.id),
        created_at=f"{request.scope['path']}/{offer.id}",
    )


@router.get(
    "/cleanings/{cleaning_id}/offers",
    summary="Offers for a job",
    response_model=PagePublic[OfferPublic],
    responses=problems(OfferReader.of_cleaning),
)
async def list_offers(
    cleaning_id: UUID,
    filters: Annotated[OfferFilters, Query()],
    caller: Token,
    offers: OfferReader,
    listing: ListingOf,
) -> Response:
    """All offers for the owner, their own for a cleaner; newest first."""
    part = listing.part(filters)
    return listing.answer(await offers.of_cleaning(caller, cleaning_id, filters.status, part))


@router.get(
    "/cleanings/{cleaning_id}/offers/{offer_id}",
    summary="An offer",
    response_model=OfferPublic,
    responses=problems(OfferReader.one),
)
async def read_offer(
    cleaning_id: UUID, offer_id: UUID, caller: Token, offers: OfferReader
) -> Response:
    """An offer, for its cleaner and for the owner of the job."""
    return item_response(await offers.one(caller, cleaning_id, offer_id))


@router.patch(
    "/cleanings/{cleaning_id}/offers/{offer_id}",
    summary="Revise an offer",
    response_model=OfferPublic,
    responses=problems(OfferService.revise),
)
async def revise_offer(
    cleaning_id: UUID,
    offer_id: UUID,
    changes: OfferUpdate,
    caller: LockedCaller,
    token: Token,
    expected: IfMatch,
    offers: OfferService,
    shown: OfferReader,
) -> Response:
    """Changes price or message while the offer is pending."""
    await offers.revise(caller, cleaning_id, offer_id, changes, expected)
    return item_response(await shown.one(token, cleaning_id, offer_id))


@router.post(
    "/cleanings/{cleaning_id}/offers/{offer_id}/acceptance",
    status_code=201,
    summary="Accept an offer",
    response_model=BookingPublic,
    responses=problems(OfferService.accept),
)
async def accept_offer(
    cleaning_id: UUID,
    offer_id: UUID,
    caller: LockedCaller,
    token: Token,
    expected: IfMatch,
    offers: OfferService,
    bookings: BookingReader,
    request: Request,
) -> Response:
    """Accepts an offer, which makes a booking; all other offers for the job are superseded.

    `If-Match` names the version of the offer.
    """
    booking = await offers.accept(caller, cleaning_id, offer_id, expected)
    cleaning_path, _, _ = request.scope["path"].partition("/offers/")
    return item_response(
        await bookings.one(token, cleaning_id, booking.id),
        created_at=f"{cleaning_path}/bookings/{booking.id}",
    )


@router.post(
    "/cleanings/{cleaning_id}/offers/{offer_id}/rejection",
    summary="Reject an offer",
    response_model=OfferPublic,
    responses=problems(OfferService.reject),
)
async def reject_offer(
    cleaning_id: UUID,
    offer_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    offers: OfferService,
    shown: OfferReader,
) -> Response:
    """Rejects an offer. It can be renewed at a lower price, or after a change of the job."""
    await offers.reject(caller, cleaning_id, offer_id, expected)
    return item_response(await shown.one(token, cleaning_id, offer_id))


@router.post(
    "/cleanings/{cleaning_id}/offers/{offer_id}/withdrawal",
    summary="Withdraw an offer",
    response_model=OfferPublic,
    responses=problems(OfferService.withdraw),
)
async def withdraw_offer(
    cleaning_id: UUID,
    offer_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    offers: OfferService,
    shown: OfferReader,
) -> Response:
    """Withdraws an offer. It can be renewed while the job is open."""
    await offers.withdraw(caller, cleaning_id, offer_id, expected)
    return item_response(await shown.one(token, cleaning_id, offer_id))


@router.post(
    "/cleanings/{cleaning_id}/offers/{offer_id}/renewal",
    summary="Renew an offer",
    response_model=OfferPublic,
    responses=problems(OfferService.renew),
)
async def renew_offer(
    cleaning_id: UUID,
    offer_id: UUID,
    caller: LockedCaller,
    token: Token,
    expected: IfMatch,
    offers: OfferService,
    shown: OfferReader,
    renewal: OfferRenewal | None = None,
) -> Response:
    """Renews an offer for the present terms of the job; omitted fields keep their values.

    Withdrawn, superseded and outdated offers can be renewed; rejected ones also at a lower price.
    """
    await offers.renew(caller, cleaning_id, offer_id, renewal or OfferRenewal(), expected)
    return item_response(await shown.one(token, cleaning_id, offer_id))


@router.get(
    "/offers",
    summary="Own offers",
    response_model=PagePublic[OfferPublic],
    responses=problems(),
)
async def list_own_offers(
    filters: Annotated[OfferFilters, Query()],
    caller: Token,
    offers: OfferReader,
    listing: ListingOf,
) -> Response:
    """The offers of the caller, newest first."""
    return listing.answer(await offers.own(caller, filters.status, listing.part(filters)))
