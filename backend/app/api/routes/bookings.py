"""Bookings: accepted offers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.bookings import BookingReader, BookingService
from app.db.models.booking_shapes import BookingFilters, BookingPublic
from app.db.models.checklists import Tick
from app.db.models.cleaning_shapes import Cancellation
from app.db.models.pages import PageParameters, PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("bookings", "Accepted offers")

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


@router.get(
    "/bookings",
    summary="Own bookings",
    response_model=PagePublic[BookingPublic],
    responses=problems(),
)
async def list_bookings(
    filters: Annotated[BookingFilters, Query()],
    caller: Token,
    bookings: BookingReader,
    listing: ListingOf,
) -> Response:
    """The bookings in which the caller is the owner or the cleaner, newest first."""
    return listing.answer(await bookings.own(caller, filters, listing.part(filters)))


@router.get(
    "/cleanings/{cleaning_id}/bookings",
    summary="Bookings of a job",
    response_model=PagePublic[BookingPublic],
    responses=problems(BookingReader.of_cleaning),
)
async def list_cleaning_bookings(
    cleaning_id: UUID,
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    bookings: BookingReader,
    listing: ListingOf,
) -> Response:
    """All bookings of the job for its owner, their own for a cleaner; newest first."""
    page = await bookings.of_cleaning(caller, cleaning_id, listing.part(parameters))
    return listing.answer(page)


@router.get(
    "/cleanings/{cleaning_id}/bookings/{booking_id}",
    summary="A booking",
    response_model=BookingPublic,
    responses=problems(BookingReader.one),
)
async def read_booking(
    cleaning_id: UUID, booking_id: UUID, caller: Token, bookings: BookingReader
) -> Response:
    """A booking, for its two sides."""
    return item_response(await bookings.one(caller, cleaning_id, booking_id))


@router.put(
    "/cleanings/{cleaning_id}/bookings/{booking_id}/checklist/{number}",
    summary="Tick off an item of the checklist",
    response_model=BookingPublic,
    responses=problems(BookingService.tick),
)
async def tick_checklist_item(
    cleaning_id: UUID,
    booking_id: UUID,
    number: int,
    tick: Tick,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    bookings: BookingService,
    shown: BookingReader,
) -> Response:
    """Ticks off an item, or takes the tick back: by the cleaner, from the start on.

    A tick that changes nothing is no error. After the end of the booking, its checklist stays.
    """
    await bookings.tick(caller, cleaning_id, booking_id, number, tick, expected)
    return item_response(await shown.one(token, cleaning_id, booking_id))


@router.post(
    "/cleanings/{cleaning_id}/bookings/{booking_id}/completion-report",
    summary="Report the work done",
    response_model=BookingPublic,
    responses=problems(BookingService.report),
)
async def report_completion(
    cleaning_id: UUID,
    booking_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    bookings: BookingService,
    shown: BookingReader,
) -> Response:
    """Reports the work as done: by the cleaner, from the start on, and once.

    The owner can then mark the booking as done or as a no-show until `completes_at`. After that,
    it is completed.
    """
    await bookings.report(caller, cleaning_id, booking_id, expected)
    return item_response(await shown.one(token, cleaning_id, booking_id))


@router.post(
    "/cleanings/{cleaning_id}/bookings/{booking_id}/completion",
    summary="Mark as done",
    response_model=BookingPublic,
    responses=problems(BookingService.complete),
)
async def complete_booking(
    cleaning_id: UUID,
    booking_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    bookings: BookingService,
    shown: BookingReader,
) -> Response:
    """Completes a booking: by the owner, from the start on."""
    await bookings.complete(caller, cleaning_id, booking_id, expected)
    return item_response(await shown.one(token, cleaning_id, booking_id))


@router.post(
    "/cleanings/{cleaning_id}/bookings/{booking_id}/cancellation",
    summary="Cancel a booking",
    response_model=BookingPublic,
    responses=problems(BookingService.cancel),
)
async def cancel_booking(
    cleaning_id: UUID,
    booking_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    bookings: BookingService,
    shown: BookingReader,
    cancellation: Cancellation | None = None,
) -> Response:
    """Cancels a booking before its start, by either side; the job is open again.

    A booking without a start can be cancelled at any time.
    """
    reason = cancellation.reason if cancellation else None
    await bookings.cancel(caller, cleaning_id, booking_id, reason, expected)
    return item_response(await shown.one(token, cleaning_id, booking_id))


@router.post(
    "/cleanings/{cleaning_id}/bookings/{booking_id}/no-show",
    summary="Mark as a no-show",
    response_model=BookingPublic,
    responses=problems(BookingService.miss),
)
async def miss_booking(
    cleaning_id: UUID,
    booking_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    bookings: BookingService,
    shown: BookingReader,
) -> Response:
    """The owner says that the cleaner did not come; the job is expired then.

    This can be said from the start on. A booking without a start can't be missed.
    """
    await bookings.miss(caller, cleaning_id, booking_id, expected)
    return item_response(await shown.one(token, cleaning_id, booking_id))
