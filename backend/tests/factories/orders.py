"""Orders of packages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.services.orders import OrderLimits
from tests.factories.packages import MadePackage, make_package
from tests.factories.users import Actor, Market, make_user

LATER = "2100-05-17T09:00:00+00:00"


@dataclass(frozen=True)
class MadeOrder:
    """An order, as its customer sees it."""

    customer: Actor
    cleaner: Actor
    data: dict[str, Any]
    etag: str

    @property
    def path(self) -> str:
        return f"/orders/{self.data['id']}"


@dataclass(frozen=True)
class OrderedBooking:
    """The booking of an accepted order."""

    order: MadeOrder
    data: dict[str, Any]

    @property
    def job_path(self) -> str:
        return f"/cleanings/{self.data['cleaning_id']}"

    @property
    def path(self) -> str:
        return f"{self.job_path}/bookings/{self.data['id']}"


def item_of(package: MadePackage, quantity: int = 1) -> dict[str, Any]:
    """A package as it is ordered at the revision that is known of it."""
    return {
        "package_id": package.data["id"],
        "revision": package.data["revision"],
        "quantity": quantity,
    }


def draft_of(*packages: MadePackage, quantity: int = 1, **draft: Any) -> dict[str, Any]:
    """The content of an order."""
    return {
        "items": [item_of(package, quantity) for package in packages],
        "starts_at": LATER,
        **draft,
    }


async def make_order(
    market: Market,
    *packages: MadePackage,
    customer: Actor | None = None,
    **draft: Any,
) -> MadeOrder:
    """A placed order, of a new package if none is given."""
    packages = packages or (await make_package(market),)
    customer = customer or await make_user(market)
    response = await customer.post("/orders", draft_of(*packages, **draft))
    assert response.status_code == 201, response.text
    return MadeOrder(customer, packages[0].seller, response.json(), response.headers["ETag"])


async def accept(order: MadeOrder) -> OrderedBooking:
    """Accepts an order."""
    response = await order.cleaner.post(f"{order.path}/acceptance")
    assert response.status_code == 201, response.text
    return OrderedBooking(order, response.json())


@contextmanager
def at_most_placed(market: Market, most: int) -> Iterator[None]:
    """Context manager that limits how many orders of a customer may await an answer."""
    limits: OrderLimits = market.app.state.order_limits
    market.app.state.order_limits = limits._replace(most_placed=most)
    try:
        yield
    finally:
        market.app.state.order_limits = limits


async def let_answer_lapse(market: Market, order_id: str) -> None:
    """Has the time for the answer to a placed order be over."""
    await market.app.state.database.fetch(
        "UPDATE orders SET expires_at = now() - interval '1 second' "
        "WHERE id = $1 AND status = 'placed'",
        (order_id,),
    )


async def stock_of(package: MadePackage) -> int | None:
    """How many pieces are left."""
    stock: int | None = (await package.seller.get(package.path)).json()["stock"]
    return stock
