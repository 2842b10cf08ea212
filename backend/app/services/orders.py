"""Orders: placing, accepting, declining and cancelling them."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.blocks import NotPossible
from app.db.models.bookings import Booking
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.orders import OrderEvent
from app.db.models.order_items import OutOfStock, PackageChanged
from app.db.models.order_shapes import OrderCreate
from app.db.models.orders import (
    NotCustomer,
    Order,
    OrderNotFound,
    OwnPackage,
    TooManyOrders,
)
from app.db.models.packages import NotSeller, Package, PackageNotFound
from app.db.models.states.orders import OrderMove, OrderNotPlaced
from app.db.models.users import User
from app.db.repositories.blocks import BlockRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.orders import OrderRepository
from app.postgres.transactions import Transaction
from app.services.agreements import AgreementService
from app.services.order_ends import OrderEnds


class OrderLimits(NamedTuple):
    """Settings of orders.

    Args:
        answered_within: The time in which cleaners can answer an order.
        most_placed: How many orders of a customer may await an answer.
    """

    answered_within: timedelta
    most_placed: int


class OrderService:
    """The use cases of orders. Each locks accounts first, then the order, then the packages.

    Args:
        transaction: The unit of work.
        limits: The settings.
    """

    def __init__(self, transaction: Transaction, limits: OrderLimits) -> None:
        self._agreements = AgreementService(transaction)
        self._blocks = BlockRepository(transaction)
        self._ends = OrderEnds(transaction)
        self._events = EventRepository(transaction)
        self._orders = OrderRepository(transaction)
        self._limits = limits

    @raises(PackageNotFound, TooManyOrders, OwnPackage, PackageChanged, OutOfStock, NotPossible)
    async def place(self, caller: Bearer, draft: OrderCreate) -> Order:
        """Places an order, whose pieces are taken out of the stocks."""
        packages = await self._lock_packages(caller, draft)
        order, items = Order.placed(draft, caller.user_id, packages, self._limits.answered_within)
        self._blocks.demand_free(order.customer_id, order.cleaner_id)
        self._orders.add(order)
        self._events.record(caller.user_id, OrderEvent.PLACED, order.id, total=str(order.total))
        self._orders.add(*items)  # at last: one statement writes the order, its event and an item
        return order

    @raises(OrderNotFound, NotSeller, OrderNotPlaced, NotPossible, PreconditionFailed)
    async def accept(
        self, caller: User, order_id: UUID, language: str, expected: ExpectedVersion
    ) -> Booking:
        """Accepts an order in the name of the cleaner, which makes a job and its booking.

        Args:
            caller: The cleaner.
            order_id: The order.
            language: The language of the texts of the job.
            expected: The expected version of the order.
        """
        order = await self._orders.lock_with_customer(caller.id, order_id)
        order.demand_cleaner(caller.id)
        expected.demand(order.version)
        cleaning, offer = order.accept(await self._orders.items_of(order.id), language)
        self._blocks.demand_free(order.customer_id, order.cleaner_id)
        self._orders.add(cleaning, offer)
        booking = self._agreements.conclude(caller, cleaning, offer)
        price = str(offer.price)
        self._events.record(caller.id, OfferEvent.CREATED, offer.id, cleaning.id, price=price)
        self._events.record(caller.id, OrderEvent.ACCEPTED, order.id)
        return booking

    @raises(OrderNotFound, NotSeller, OrderNotPlaced, PreconditionFailed)
    async def decline(
        self, caller: User, order_id: UUID, reason: str | None, expected: ExpectedVersion
    ) -> None:
        """Declines an order in the name of the cleaner."""
        order = await self._orders.lock(caller.id, order_id)
        order.demand_cleaner(caller.id)
        expected.demand(order.version)
        self._ends.end(order, OrderMove.DECLINE, caller.id, reason)

    @raises(OrderNotFound, NotCustomer, OrderNotPlaced, PreconditionFailed)
    async def cancel(
        self, caller: User, order_id: UUID, reason: str | None, expected: ExpectedVersion
    ) -> None:
        """Cancels an order in the name of the customer."""
        order = await self._orders.lock(caller.id, order_id)
        order.demand_customer(caller.id)
        expected.demand(order.version)
        self._ends.end(order, OrderMove.CANCEL, caller.id, reason)

    async def _lock_packages(self, caller: Bearer, draft: OrderCreate) -> list[Package]:
        """Locks the accounts and the packages of a new order.

        Only if that finds too few packages, the reason is looked for.
        """
        wanted, most = [item.package_id for item in draft.items], self._limits.most_placed
        locked = await self._orders.lock_packages(caller, wanted, most)
        found = {package.id: package for package in locked}
        for package_id in wanted:
            if package_id not in found:
                if await self._orders.has_many_placed(caller.user_id, most):
                    raise TooManyOrders
                raise PackageNotFound(package_id=str(package_id))
        return [found[package_id] for package_id in wanted]
