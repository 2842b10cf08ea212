"""The queries of orders."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, func, or_, outerjoin, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel

from app.core.errors import Unauthenticated
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.bookings import Booking, Role
from app.db.models.fields import now
from app.db.models.order_items import OrderItem, OrderItemPublic
from app.db.models.order_shapes import (
    OrderFilters,
    OrderItemSummary,
    OrderPublic,
    OrderSummary,
    Party,
)
from app.db.models.orders import Order, OrderNotFound
from app.db.models.packages import Package
from app.db.models.states.orders import OrderStatus
from app.db.repositories.base import CALLER_ID, ORDER_ID, Item, ItemQuery, json_object
from app.db.repositories.order_locks import (
    SIDES,
    give_back,
    has_many_placed,
    lock,
    lock_accounts,
    lock_due,
    lock_packages,
    lock_placed_of,
    lock_with_customer,
)
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.db.repositories.person_views import Person
from app.db.repositories.views import is_live
from app.postgres.rows import Row
from app.postgres.statements import Source, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction


class OrderRepository:
    """The orders, in a unit of work. They are locked before the packages whose stock changes."""

    _locking = lock()
    _locking_with_customer = lock_with_customer()
    _locking_placed_of = lock_placed_of()
    _locking_due = lock_due()
    _locking_accounts = lock_accounts()
    _locking_packages = lock_packages()
    _having_many_placed = has_many_placed()
    _giving_back = give_back()
    _items = RowQuery(
        select(OrderItem).where(col(OrderItem.order_id) == ORDER_ID).order_by(col(OrderItem.place))
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, *rows: Row) -> None:
        """Adds a new order with its items, or the job and the offer of one that is accepted."""
        for row in rows:
            self._transaction.add(row)

    async def lock(self, caller_id: UUID, order_id: UUID) -> Order:
        """An order in which the caller has a part, locked until the end of the transaction.

        Raises:
            OrderNotFound: There is none.
        """
        return await self._lock(self._locking, caller_id, order_id)

    async def lock_with_customer(self, caller_id: UUID, order_id: UUID) -> Order:
        """Like `lock`, but first keeps the account of the customer from being deleted.

        Raises:
            OrderNotFound: There is none.
        """
        return await self._lock(self._locking_with_customer, caller_id, order_id)

    async def lock_placed_of(self, user_id: UUID) -> Sequence[Order]:
        """The placed orders in which a user has a part, locked by id."""
        return await self._transaction.all(self._locking_placed_of, user_id=user_id)

    async def lock_due(self) -> Sequence[Order]:
        """Some placed orders whose time for an answer is over, but for locked ones."""
        return await self._transaction.all(self._locking_due, moment=now())

    async def lock_packages(
        self, caller: Bearer, package_ids: Sequence[UUID], most: int
    ) -> Sequence[Package]:
        """Packages that the caller may order, locked by id, and those of the caller.

        Their sellers, and the caller, are locked before.

        Args:
            caller: The caller.
            package_ids: The packages.
            most: How many placed orders the caller may have.

        Returns:
            No package if the caller has as many placed orders.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        given = {"caller_id": caller.user_id, "package_ids": list(package_ids)}
        accounts = await self._locking_accounts.fetch(
            self._transaction, session_id=caller.session_id, **given
        )
        if all(account["id"] != caller.user_id for account in accounts):
            raise Unauthenticated
        # Another statement: it sees the orders that were placed before these locks were free.
        return await self._transaction.all(self._locking_packages, further=most - 1, **given)

    async def has_many_placed(self, caller_id: UUID, most: int) -> bool:
        """Whether a customer has a number of placed orders, or more."""
        given = {"caller_id": caller_id, "further": most - 1}
        rows = await self._having_many_placed.fetch(self._transaction, **given)
        return bool(rows[0][0])

    async def items_of(self, order_id: UUID) -> Sequence[OrderItem]:
        """The items of an order, in their order."""
        return await self._transaction.all(self._items, order_id=order_id)

    def give_back(self, order_ids: Sequence[UUID]) -> None:
        """Puts the pieces of locked orders back into the stocks of their packages."""
        if order_ids:
            self._transaction.put(self._giving_back, order_ids=list(order_ids))

    async def _lock(self, query: RowQuery[Order], caller_id: UUID, order_id: UUID) -> Order:
        order = await self._transaction.one(query, caller_id=caller_id, order_id=order_id)
        if order is None:
            raise OrderNotFound
        return order


def is_overdue(order: Any) -> ColumnElement[bool]:
    """Whether the time for an answer is over, which the worker has yet to note."""
    return and_(
        col(order.status) == inline(OrderStatus.PLACED), col(order.expires_at) <= func.now()
    )


def shown_status(order: Any) -> ColumnElement[Any]:
    """The state of an order, by the present time."""
    return case((is_overdue(order), inline(OrderStatus.EXPIRED)), else_=col(order.status))


def items_of(order: Any, shape: type[SQLModel] = OrderItemPublic) -> ColumnElement[Any]:
    """The items of an order as JSON.

    Args:
        order: The table class of the orders, or columns of them.
        shape: The model of an item.
    """
    item = json_object(shape, OrderItem)
    return (
        select(func.json_agg(aggregate_order_by(item, col(OrderItem.place))))
        .where(col(OrderItem.order_id) == order.id)
        .correlate_except(OrderItem)
        .scalar_subquery()
    )


def order_summary(order_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """An order as JSON, as a thread shows it; null if there is none.

    Args:
        order_id: Its id.
    """
    items = items_of(Order, OrderItemSummary)
    return (
        select(json_object(OrderSummary, Order, status=shown_status(Order), items=items))
        .where(col(Order.id) == order_id)
        .correlate_except(Order)
        .scalar_subquery()
    )


def _view(order: Any) -> tuple[Any, ColumnElement[Any]]:
    """What to select orders from, and one order as JSON."""
    customer = Person(col(order.customer_id), Role.OWNER)
    cleaner = Person(col(order.cleaner_id), Role.CLEANER)
    booking = aliased(Booking)
    entrusted = or_(col(order.customer_id) == CALLER_ID, is_live(booking))
    item = json_object(
        OrderPublic,
        order,
        status=shown_status(order),
        items=items_of(order),
        address=case((entrusted, col(order.address))),
        customer=customer.json,
        cleaner=cleaner.json,
        cleaning_id=col(booking.cleaning_id),
        booking_id=col(booking.id),
        closed_at=case((is_overdue(order), col(order.expires_at)), else_=col(order.closed_at)),
    )
    booked = outerjoin(order, booking, col(booking.cleaning_id) == order.id)
    return cleaner.joined(customer.joined(booked)), item


def _one() -> ItemQuery:
    source, item = _view(Order)
    return ItemQuery(
        select()
        .select_from(source)
        .where(col(Order.id) == ORDER_ID, or_(*(side == CALLER_ID for side in SIDES.values()))),
        item=item,
        version=col(Order.version),
        missing=OrderNotFound,
    )


BY_TIME = {
    OrderStatus.PLACED: and_(
        col(Order.status) == inline(OrderStatus.PLACED), col(Order.expires_at) > func.now()
    ),
    OrderStatus.EXPIRED: or_(col(Order.status) == inline(OrderStatus.EXPIRED), is_overdue(Order)),
}
"""The conditions of the states that depend on the present time."""


@cache
def _own(
    shape: PageShape, parties: tuple[Party, ...], status: OrderStatus | None, *, by_status: bool
) -> PageQuery:
    # Each side is read in the order of an index of its own; the two are then merged.
    sides = []
    for party in parties:
        side = select(Order).where(SIDES[party] == CALLER_ID)
        if status:
            side = side.where(BY_TIME[status])
        elif by_status:
            side = side.where(col(Order.status) == argument("status", Text()))
        sides.append(part(side, [col(Order.id)], shape, by_index=True))
    order = aliased(Order, union_all(*sides).subquery())
    source, item = _view(order)
    return PageQuery(select().select_from(source), item=item, keys=[col(order.id)], shape=shape)


class OrderReader:
    """Reads of orders: those in which they have a part."""

    _one = _one()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(OrderNotFound)
    async def one(self, caller: Bearer, order_id: UUID) -> Item:
        """An order."""
        return await self._one.one(self._source, caller, order_id=order_id)

    async def own(self, caller: Bearer, filters: OrderFilters, request: PageRequest) -> Page:
        """The orders in which the caller has a part, newest first."""
        parties = (filters.role,) if filters.role else tuple(Party)
        by_time = filters.status if filters.status in BY_TIME else None
        given = {"status": filters.status} if filters.status and not by_time else {}
        query = _own(request.shape, parties, by_time, by_status=bool(given))
        return await query.page(self._source, caller, request, **given)
