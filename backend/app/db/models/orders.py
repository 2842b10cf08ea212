"""Orders: packages of one cleaner that a customer orders at their fixed prices."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlmodel import Field

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.db.models.categories import category_field
from app.db.models.cleanings import Cleaning
from app.db.models.fields import choice, id_field, moment_field, new_id, now
from app.db.models.offers import Offer
from app.db.models.order_items import OrderItem
from app.db.models.order_shapes import OrderCreate
from app.db.models.order_terms import (
    category_of,
    description_of,
    duration_of,
    name_of,
    total_of,
)
from app.db.models.packages import NotSeller, Package
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.moves import Move, Stateful
from app.db.models.states.offers import OfferStatus
from app.db.models.states.orders import OrderMove, OrderStatus


class OrderNotFound(NotFound):
    code = "order_not_found"
    detail = "Order not found."


class NotCustomer(Forbidden):
    code = "not_customer"
    detail = "Only the customer who placed the order may do this."


class OwnPackage(Conflict):
    code = "own_package"
    detail = "You can't order your own package."


class TooManyOrders(Conflict):
    code = "too_many_orders"
    detail = "Too many of your orders await an answer. Cancel one, or wait for the answers."


class Order(Stateful, table=True):
    """An order, from its placing on.

    The job of an accepted order has the id of the order, so that both are on one machine when the
    tables are distributed.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total > 0", name="total"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint("customer_id <> cleaner_id", name="sides"),
        CheckConstraint("expires_at <= starts_at", name="expires_at"),
        CheckConstraint("(status = 'placed') = (closed_at IS NULL)", name="closed_at"),
        CheckConstraint("reason IS NULL OR status IN ('declined', 'cancelled')", name="reason"),
        # What threads refer to.
        Index("uq_orders_id_cleaner_id", "id", "cleaner_id", unique=True),
        Index("ix_orders_customer_id", "customer_id", "id"),  # the orders of a customer
        Index("ix_orders_cleaner_id", "cleaner_id", "id"),  # and those of a cleaner
        # The orders of each that await an answer.
        Index(
            "ix_orders_placed_customer_id",
            "customer_id",
            "id",
            postgresql_where=text("status = 'placed'"),
        ),
        Index(
            "ix_orders_placed_cleaner_id",
            "cleaner_id",
            "id",
            postgresql_where=text("status = 'placed'"),
        ),
        Index(  # the order that the clock ends first
            "ix_orders_expires_at", "expires_at", postgresql_where=text("status = 'placed'")
        ),
    )

    id: UUID = id_field()
    customer_id: UUID = Field(foreign_key="users.id")
    cleaner_id: UUID = Field(foreign_key="users.id")
    status: OrderStatus = Field(default=OrderStatus.PLACED, sa_type=choice(OrderStatus, "status"))
    total: Decimal = Field(sa_type=Numeric(10, 2))
    currency: str = Field(max_length=3)
    duration: int | None
    starts_at: datetime = moment_field()
    category: str | None = category_field()
    area: str | None
    address: str | None
    note: str | None
    early_start_at: datetime | None = moment_field(default=None)
    expires_at: datetime = moment_field()
    closed_at: datetime | None = moment_field(default=None)
    reason: str | None = None

    @classmethod
    def placed(
        cls,
        draft: OrderCreate,
        customer_id: UUID,
        packages: Sequence[Package],
        answered_within: timedelta,
    ) -> tuple["Order", list[OrderItem]]:
        """Returns a new order with its items, whose pieces are taken out of the stocks.

        Args:
            draft: The content.
            customer_id: The account that places it.
            packages: The packages, locked and in the order of the items.
            answered_within: The time that the cleaner has to answer.

        Raises:
            Invalid: The start has passed; the packages have several sellers or currencies; the
                total is too high, or the work takes too long for one job.
            OwnPackage: A package is the customer's.
            PackageChanged: A package has another revision.
            OutOfStock: Too few pieces of a package are left.
        """
        placed_at = now()
        if draft.starts_at <= placed_at:
            raise Invalid("The start must lie in the future.", field="starts_at")
        first, *_ = packages
        if customer_id in {package.seller_id for package in packages}:
            raise OwnPackage
        if any(package.seller_id != first.seller_id for package in packages):
            raise Invalid("All packages must be of one cleaner.", field="items")
        if any(package.currency != first.currency for package in packages):
            raise Invalid("All packages must be in one currency.", field="items")
        order_id = new_id()
        items = [
            OrderItem.of(order_id, place, package, wanted)
            for place, (package, wanted) in enumerate(zip(packages, draft.items, strict=True), 1)
        ]
        order = cls(
            id=order_id,
            customer_id=customer_id,
            cleaner_id=first.seller_id,
            total=total_of(items),
            currency=first.currency,
            duration=duration_of(items),
            starts_at=draft.starts_at,
            category=category_of(packages),
            area=draft.area,
            address=draft.address,
            note=draft.note,
            early_start_at=placed_at if draft.early_start else None,
            expires_at=min(placed_at + answered_within, draft.starts_at),
            created_at=placed_at,
            updated_at=placed_at,
        )
        return order, items

    def demand_customer(self, user_id: UUID) -> None:
        """Refuses other users than the customer.

        Raises:
            NotCustomer: It is another user.
        """
        if user_id != self.customer_id:
            raise NotCustomer

    def demand_cleaner(self, user_id: UUID) -> None:
        """Refuses other users than the cleaner.

        Raises:
            NotSeller: It is another user.
        """
        if user_id != self.cleaner_id:
            raise NotSeller("Only the cleaner who sells the packages may do this.")

    @property
    def is_overdue(self) -> bool:
        """Whether the time for an answer is over, even if the clock has not expired it yet."""
        return self.status is OrderStatus.PLACED and self.expires_at <= now()

    def demand(self, move: Move) -> None:
        """Refuses a move that the state at the present time does not allow.

        Raises:
            OrderNotPlaced: It was accepted, has ended, or was not answered in time.
        """
        if self.is_overdue and move is not OrderMove.EXPIRE:
            move.refusal.unless(OrderStatus.EXPIRED, move.allowed, move.name)
        super().demand(move)

    def close(self, move: Move, reason: str | None = None) -> None:
        """Answers or ends the order.

        Args:
            move: One of its moves.
            reason: The reason, as the side that declines or cancels it gives it.

        Raises:
            OrderNotPlaced: It was accepted, has ended, or was not answered in time.
        """
        self.move(move)
        self.reason = reason
        self.closed_at = self.expires_at if move is OrderMove.EXPIRE else self.updated_at

    def accept(self, items: Sequence[OrderItem], language: str) -> tuple[Cleaning, Offer]:
        """Accepts the order, and returns its job and the offer of its cleaner.

        Args:
            items: Its items.
            language: The language of the texts of the job.

        Raises:
            OrderNotPlaced: It was accepted, has ended, or was not answered in time.
        """
        self.close(OrderMove.ACCEPT)
        cleaning = Cleaning(
            id=self.id,
            owner_id=self.customer_id,
            status=CleaningStatus.BOOKED,
            ordered=True,
            name=name_of(items),
            description=description_of(items, self.currency, self.note),
            language=language,
            price=self.total,
            currency=self.currency,
            starts_at=self.starts_at,
            duration=self.duration,
            category=self.category,
            area=self.area,
            address=self.address,
        )
        offer = Offer(
            cleaning_id=self.id,
            cleaner_id=self.cleaner_id,
            price=self.total,
            currency=self.currency,
            status=OfferStatus.ACCEPTED,
            terms_revision=cleaning.terms_revision,
        )
        return cleaning, offer
