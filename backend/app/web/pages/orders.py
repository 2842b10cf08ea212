"""Orders: choosing packages, placing, accepting, declining and cancelling."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.errors import Invalid
from app.core.versions import ExpectedVersion
from app.db.models.cleaning_shapes import Cancellation
from app.db.models.order_shapes import OrderCreate, OrderFilters
from app.db.models.packages import PackageNotFound
from app.db.models.states.orders import OrderStatus
from app.db.repositories.orders import OrderReader
from app.services.orders import OrderService
from app.web.formats import parse_number
from app.web.forms import Form
from app.web.order_forms import GONE, NEW, order_form, quantities_in
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.orders import ORDERS, Order
from app.web.visits import Visit

ORDER = "/orders/{order_id:uuid}"
REVISION = "revision-"
"""The beginning of the name of the field with the revision of a package that was seen."""

SAID = {
    "order_placed": N_("Your order is placed. The cleaner accepts or declines it."),
    "order_accepted": N_("The order is booked. You both see now how to reach each other."),
    "order_declined": N_("You have declined the order."),
    "order_cancelled": N_("Your order is cancelled."),
}

pages = Pages()


@dataclass(frozen=True)
class OrdersPage(Template, file="orders/list.html"):
    """The orders of the caller.

    Args:
        orders: The orders.
        more: The address of the next page.
        filters: The role and the state.
    """

    orders: list[Order]
    more: str | None
    filters: OrderFilters


@dataclass(frozen=True)
class OrderPage(Template, file="orders/show.html"):
    """An order.

    Args:
        order: The order.
    """

    order: Order


@dataclass(frozen=True)
class OrderAcceptancePage(Template, file="orders/accept.html"):
    """The question whether to accept an order.

    Args:
        order: The order.
    """

    order: Order


@dataclass(frozen=True)
class OrderEndPage(Template, file="orders/end.html"):
    """The question whether to decline or cancel an order.

    Args:
        form: The reason.
        order: The order.
        declines: Whether its cleaner declines it.
    """

    form: Form
    order: Order
    declines: bool


@pages.get(NEW)
async def show_new_order(visit: Visit) -> Response:
    """The form of a new order, with the packages of a cleaner to choose from."""
    return await order_form(visit)


@pages.post(NEW, again=show_new_order)
async def place_order(visit: Visit) -> Response:
    """Places an order of the packages at the revisions that were seen."""
    form = visit.sent
    items = [
        {
            "package_id": package_id,
            "revision": parse_number(form.value(f"{REVISION}{package_id}")) or 0,
            "quantity": entered if quantity is None else quantity,
        }
        for package_id, entered in quantities_in(form).items()
        if (quantity := parse_number(entered or "0")) != 0
    ]
    draft = visit.read(OrderCreate, items=items)
    try:
        order = await service_of(visit).place(visit.caller, draft)
    except PackageNotFound as error:  # the form goes on without it
        raise Invalid(GONE, field="items") from error
    return visit.see(f"/orders/{order.id}", "order_placed")


def service_of(visit: Visit) -> OrderService:
    """The service, in the transaction of the form."""
    return OrderService(visit.transaction, visit.request.app.state.order_limits)


@pages.get("/orders")
async def show_orders(visit: Visit) -> Response:
    """The orders of the caller, newest first."""
    filters = visit.filters(OrderFilters, visit.asked())
    page = await OrderReader(visit.reads).own(visit.caller, filters, visit.listing.part(filters))
    return visit.page(OrdersPage(ORDERS.validate_json(json_list(page)), visit.more(page), filters))


@pages.get(ORDER)
async def show_order(visit: Visit, order_id: UUID) -> Response:
    """An order, for its two sides."""
    return visit.page(OrderPage(await read_order(visit, order_id)))


async def read_order(visit: Visit, order_id: UUID) -> Order:
    """An order, as the caller sees it."""
    item = await OrderReader(visit.reads).one(visit.caller, order_id)
    return Order.model_validate_json(item.json)


@pages.get(f"{ORDER}/acceptance")
async def show_order_acceptance(visit: Visit, order_id: UUID) -> Response:
    """The question whether to accept an order."""
    return visit.page(OrderAcceptancePage(await read_order(visit, order_id)))


@pages.post(f"{ORDER}/acceptance", again=show_order)
async def accept_order(visit: Visit, order_id: UUID) -> Response:
    """Accepts an order."""
    user, language = await visit.locked_user(), visit.site.languages.default
    booking = await service_of(visit).accept(user, order_id, language, ExpectedVersion())
    return visit.see(f"/bookings/{booking.cleaning_id}/{booking.id}", "order_accepted")


async def end_page(visit: Visit, order_id: UUID, action: str) -> Response:
    """The question whether to end an order; the order itself if it has ended."""
    order = await read_order(visit, order_id)
    if order.status != OrderStatus.PLACED:
        return visit.page(OrderPage(order))
    form = visit.form_at(f"/orders/{order_id}/{action}")
    return visit.page(OrderEndPage(form, order, declines=action == "declination"))


@pages.get(f"{ORDER}/declination")
async def show_declination(visit: Visit, order_id: UUID) -> Response:
    """The question whether to decline an order."""
    return await end_page(visit, order_id, "declination")


@pages.post(f"{ORDER}/declination", again=show_declination)
async def decline_order(visit: Visit, order_id: UUID) -> Response:
    """Declines an order."""
    reason = visit.read(Cancellation).reason
    user = await visit.user()
    await service_of(visit).decline(user, order_id, reason, ExpectedVersion())
    return visit.see(f"/orders/{order_id}", "order_declined")


@pages.get(f"{ORDER}/cancellation")
async def show_order_cancellation(visit: Visit, order_id: UUID) -> Response:
    """The question whether to cancel an order."""
    return await end_page(visit, order_id, "cancellation")


@pages.post(f"{ORDER}/cancellation", again=show_order_cancellation)
async def cancel_order(visit: Visit, order_id: UUID) -> Response:
    """Cancels an order."""
    reason = visit.read(Cancellation).reason
    user = await visit.user()
    await service_of(visit).cancel(user, order_id, reason, ExpectedVersion())
    return visit.see(f"/orders/{order_id}", "order_cancelled")
