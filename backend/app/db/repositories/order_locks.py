"""The statements that lock orders, and packages that are ordered.

The order of locks is: accounts, orders by id, packages by id, jobs. An order that is placed is new,
so no transaction waits for it while it holds packages.
"""

from sqlalchemy import (
    ARRAY,
    Integer,
    Uuid,
    and_,
    any_,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from app.db.models.order_items import OrderItem
from app.db.models.order_shapes import Party
from app.db.models.orders import Order
from app.db.models.packages import Package
from app.db.models.states.orders import OrderStatus
from app.db.models.users import User
from app.db.models.visibility import is_offered
from app.db.repositories.base import (
    CALLER_ID,
    LIVE_SESSION,
    MOMENT,
    ORDER_ID,
    USABLE_ACCOUNT,
    USER_ID,
)
from app.postgres.statements import Statement, argument, col, inline
from app.postgres.tables import RowQuery

AT_ONCE = 50
"""How many due orders are locked at once, so that it does not take long."""

SIDES = {Party.CUSTOMER: col(Order.customer_id), Party.CLEANER: col(Order.cleaner_id)}
IS_PLACED = col(Order.status) == inline(OrderStatus.PLACED)
OWN = (
    col(Order.id) == ORDER_ID,
    or_(col(Order.customer_id) == CALLER_ID, col(Order.cleaner_id) == CALLER_ID),
)
DUE = (
    select(Order).where(IS_PLACED, col(Order.expires_at) <= MOMENT).order_by(col(Order.expires_at))
)
"""The placed orders whose time for an answer is over."""
ORDERED = col(Package.id) == any_(argument("package_ids", ARRAY(Uuid())))
MANY_PLACED = (
    select(col(Order.id))
    .where(col(Order.customer_id) == CALLER_ID, IS_PLACED)
    .offset(argument("further", Integer()))
    .limit(inline(1))
    .exists()
)
"""Whether the caller has one more placed order than `further`."""


def lock() -> RowQuery[Order]:
    """Locks an order in which the caller has a part."""
    return RowQuery(select(Order).where(*OWN).with_for_update(key_share=True))


def lock_with_customer() -> RowQuery[Order]:
    """Locks the account of the customer against deletion, and then the order."""
    found = select(Order).join(User, col(User.id) == Order.customer_id).where(*OWN)
    # SQLAlchemy has one locking clause per statement. PostgreSQL locks in the order of the clauses.
    return RowQuery(
        found.with_for_update(key_share=True, read=True, of=User).suffix_with(
            literal_column("FOR NO KEY UPDATE OF orders")
        )
    )


def lock_placed_of() -> RowQuery[Order]:
    """Locks the placed orders in which a user has a part, by id."""
    other = aliased(Order)
    placed = col(other.status) == inline(OrderStatus.PLACED)
    sides = (
        select(col(other.id)).where(side == USER_ID, placed)
        for side in (col(other.customer_id), col(other.cleaner_id))
    )
    return RowQuery(
        select(Order)
        .where(col(Order.id).in_(union_all(*sides)), IS_PLACED)
        .order_by(col(Order.id))
        .with_for_update(key_share=True)
    )


def lock_due() -> RowQuery[Order]:
    """Locks placed orders whose time for an answer is over, but for locked ones."""
    return RowQuery(DUE.limit(inline(AT_ONCE)).with_for_update(key_share=True, skip_locked=True))


def has_many_placed() -> Statement:
    """Tells whether the caller has one more placed order than a number."""
    return Statement(select(MANY_PLACED))


def lock_accounts() -> Statement:
    """Locks the accounts of the caller, if the session is live, and of sellers, by their ids.

    So an account that is blocked or deleted has no placed order afterwards, and a customer whose
    orders are counted places no other meanwhile.
    """
    concerned = union_all(
        select(col(User.id)).where(*LIVE_SESSION).correlate(None),
        select(col(Package.seller_id)).where(ORDERED),
    )
    return Statement(
        select(col(User.id))
        .where(
            col(User.id).in_(concerned),
            # That of the caller may be blocked while the statement waits for the lock.
            or_(col(User.id) != CALLER_ID, and_(*USABLE_ACCOUNT)),
        )
        .order_by(col(User.id))
        .with_for_update(key_share=True)
    )


def lock_packages() -> RowQuery[Package]:
    """Locks the packages that the caller may order, and own ones, by id.

    The accounts have been locked by `lock_accounts`.
    """
    is_sold = and_(is_offered(Package), col(User.blocked_at).is_(None))
    return RowQuery(
        select(Package)
        .join(User, col(User.id) == Package.seller_id)
        .where(ORDERED, or_(is_sold, col(Package.seller_id) == CALLER_ID), ~MANY_PLACED)
        .order_by(col(Package.id))
        .with_for_update(key_share=True, of=Package)
    )


def give_back() -> Statement:
    """Puts the pieces of orders back into the stocks of their packages.

    The packages are locked by id before any is changed. Those without a stock are left out.
    """
    given = (
        select(col(OrderItem.package_id), func.sum(col(OrderItem.quantity)).label("pieces"))
        .where(col(OrderItem.order_id) == any_(argument("order_ids", ARRAY(Uuid()))))
        .group_by(col(OrderItem.package_id))
        .cte("given")
    )
    locked = (
        select(col(Package.id), given.c.pieces)
        .join(given, given.c.package_id == Package.id)
        .where(col(Package.stock).is_not(None))
        .order_by(col(Package.id))
        .with_for_update(key_share=True, of=Package)
        .cte("locked")
    )
    return Statement(
        update(Package)
        .where(col(Package.id) == locked.c.id)
        .values(stock=col(Package.stock) + locked.c.pieces)
    )
