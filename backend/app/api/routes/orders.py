"""Orders of packages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.bookings import BookingReader
from app.api.dependencies.cleanings import MarketLanguages
from app.api.dependencies.orders import OrderReader, OrderService
from app.db.models.booking_shapes import BookingPublic
from app.db.models.cleaning_shapes import Cancellation
from app.db.models.order_shapes import OrderCreate, OrderFilters, OrderPublic
from app.db.models.pages import PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("orders", "Orders of packages at their fixed prices")

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "/orders",
    status_code=201,
    summary="Place an order",
    response_model=OrderPublic,
    responses=problems(OrderService.place),
)
async def place_order(
    draft: OrderCreate, token: Token, orders: OrderService, shown: OrderReader, request: Request
) -> Response:
    """Orders packages of one cleaner, at their present revisions.

    The pieces are taken out of the stocks at once, and given back unless the order is accepted. It
    expires 48 hours later (a setting), or at its start if that is earlier. If a package has another
    revision (`package_changed`), or too few pieces are left (`out_of_stock`), nothing is ordered;
    the problem names the package, with its present `revision` or the number that is `left`.
    """
    order = await orders.place(token, draft)
    return item_response(
        await shown.one(token, order.id), created_at=f"{request.scope['path']}/{order.id}"
    )


@router.get(
    "/orders",
    summary="Own orders",
    response_model=PagePublic[OrderPublic],
    responses=problems(),
)
async def list_orders(
    filters: Annotated[OrderFilters, Query()],
    caller: Token,
    orders: OrderReader,
    listing: ListingOf,
) -> Response:
    """The orders in which the caller is the customer or the cleaner, newest first."""
    return listing.answer(await orders.own(caller, filters, listing.part(filters)))


@router.get(
    "/orders/{order_id}",
    summary="An order",
    response_model=OrderPublic,
    responses=problems(OrderReader.one),
)
async def read_order(order_id: UUID, caller: Token, orders: OrderReader) -> Response:
    """An order, for its customer and its cleaner."""
    return item_response(await orders.one(caller, order_id))


@router.post(
    "/orders/{order_id}/acceptance",
    status_code=201,
    summary="Accept an order",
    response_model=BookingPublic,
    responses=problems(OrderService.accept),
)
async def accept_order(
    order_id: UUID,
    caller: LockedCaller,
    token: Token,
    expected: IfMatch,
    languages: MarketLanguages,
    orders: OrderService,
    bookings: BookingReader,
    request: Request,
) -> Response:
    """Accepts an order, by the cleaner, which makes a job and its booking at the total.

    From there on, it is a booking as any other, and has the same calls. But its job was never
    posted: it is in no list, and cancelled when the booking is cancelled or missed. `If-Match`
    names the version of the order.
    """
    booking = await orders.accept(caller, order_id, languages.default, expected)
    api, _, _ = request.scope["path"].partition("/orders/")
    return item_response(
        await bookings.one(token, booking.cleaning_id, booking.id),
        created_at=f"{api}/cleanings/{booking.cleaning_id}/bookings/{booking.id}",
    )


@router.post(
    "/orders/{order_id}/declination",
    summary="Decline an order",
    response_model=OrderPublic,
    responses=problems(OrderService.decline),
)
async def decline_order(
    order_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    orders: OrderService,
    shown: OrderReader,
    cancellation: Cancellation | None = None,
) -> Response:
    """Declines an order, by the cleaner. The pieces are in stock again."""
    reason = cancellation.reason if cancellation else None
    await orders.decline(caller, order_id, reason, expected)
    return item_response(await shown.one(token, order_id))


@router.post(
    "/orders/{order_id}/cancellation",
    summary="Cancel an order",
    response_model=OrderPublic,
    responses=problems(OrderService.cancel),
)
async def cancel_order(
    order_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    orders: OrderService,
    shown: OrderReader,
    cancellation: Cancellation | None = None,
) -> Response:
    """Cancels an order before it is accepted, by the customer. The pieces are in stock again.

    An accepted order is cancelled by cancelling its booking; its pieces stay taken.
    """
    reason = cancellation.reason if cancellation else None
    await orders.cancel(caller, order_id, reason, expected)
    return item_response(await shown.one(token, order_id))
