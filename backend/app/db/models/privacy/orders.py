"""Personal data of orders."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.categories import Slug
from app.db.models.fields import Moment, Username
from app.db.models.order_items import OrderItemPublic
from app.db.models.order_shapes import Party
from app.db.models.orders import Order
from app.db.models.privacy import RECORD_KEPT, Holding, Personal, Tier, alike
from app.db.models.states.orders import OrderStatus
from app.postgres.statements import col


class OrderExport(SQLModel):
    """An order of the user as customer or cleaner."""

    id: UUID
    role: Party = Field(description="One's own")
    other_side: Username
    status: OrderStatus
    items: list[OrderItemPublic]
    total: Decimal
    currency: str
    duration: int | None
    starts_at: Moment
    category: Slug | None
    area: str | None
    address: str | None = Field(description="The customer's only")
    note: str | None
    early_start_at: Moment | None
    reason: str | None
    expires_at: Moment
    closed_at: Moment | None
    created_at: Moment
    updated_at: Moment


AGREED = Personal(Tier.PARTICIPANT, "record of the order", RECORD_KEPT)
PLACE = Personal(Tier.PARTICIPANT, "place of the work")
REASON = Personal(Tier.PARTICIPANT, "reason of the cancellation or refusal")

HOLDINGS = (
    Holding(
        "orders",
        "customer_id",
        {
            **alike(("area", "address"), PLACE),
            "note": Personal(Tier.PARTICIPANT, "note for the cleaner"),
            "reason": REASON,
            **alike(
                ("total", "currency", "duration", "starts_at", "category", "early_start_at"), AGREED
            ),
        },
        others=(
            *("id", "customer_id", "cleaner_id", "status", "version"),
            *("expires_at", "closed_at", "created_at", "updated_at"),
        ),
        foreign={"reason": col(Order.status) != OrderStatus.CANCELLED},
    ),
    Holding(
        "orders",
        "cleaner_id",
        {**alike(("total", "currency"), AGREED), "reason": REASON},
        foreign={"reason": col(Order.status) != OrderStatus.DECLINED},
    ),
    Holding(
        "order_items",
        "order_id",
        alike(("name", "price", "duration", "quantity"), AGREED),
        others=("order_id", "package_id", "place", "revision"),
    ),
)
