"""Orders in requests and answers."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.categories import Slug
from app.db.models.fields import Address, Area, Input, Moment, text
from app.db.models.order_items import OrderItemPublic, OrderItems
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfileRated
from app.db.models.states.orders import OrderStatus
from app.db.models.versioned import Tagged

Note = Annotated[str, text(1000)]
"""A note of the customer. With the lines of 20 items, it fits into the description of a job."""


class Party(StrEnum):
    """The two sides of an order."""

    CUSTOMER = "customer"
    CLEANER = "cleaner"


class OrderCreate(Input):
    """A new order."""

    items: OrderItems = Field(
        schema_extra={
            "examples": [
                [
                    {
                        "package_id": "019ca6ff-0000-7000-8000-000000000000",
                        "revision": 1,
                        "quantity": 2,
                    }
                ]
            ]
        }
    )
    starts_at: Moment = Field(
        description="In the future", schema_extra={"examples": ["2030-05-17T09:00:00Z"]}
    )
    area: Area | None = Field(default=None, schema_extra={"examples": ["Old Town"]})
    address: Address | None = Field(
        default=None,
        description="Shown to the cleaner once the order is accepted",
        schema_extra={"examples": ["3 Mill Lane"]},
    )
    note: Note | None = Field(
        default=None, schema_extra={"examples": ["The key is with our neighbour."]}
    )
    early_start: bool = Field(
        default=False,
        description="Whether the customer asks that the work starts before the end of the period "
        "in which a consumer may withdraw from the contract (Directive 2011/83/EU, article 7 (3)). "
        "Kept with its time",
    )


class OrderPublic(SQLModel, Tagged):
    """An order as its two sides see it."""

    id: UUID
    status: OrderStatus
    items: list[OrderItemPublic]
    total: Decimal
    currency: str
    starts_at: Moment
    duration: int | None = Field(description="Of all pieces, in minutes; null if it is not known")
    category: Slug | None = Field(
        description="The category of all packages, which the job takes; null if they have several"
    )
    area: str | None
    address: str | None = Field(
        description="Null for the cleaner until the order is accepted, and again when its booking "
        "has ended without the work done"
    )
    note: str | None
    early_start_at: Moment | None = Field(
        description="When the customer asked for a start within the period of withdrawal"
    )
    customer: ProfileRated
    cleaner: ProfileRated
    cleaning_id: UUID | None = Field(description="The job, once the order is accepted")
    booking_id: UUID | None = Field(description="The booking, once the order is accepted")
    reason: str | None = Field(description="Why it was declined or cancelled")
    expires_at: Moment = Field(description="When it expires unless the cleaner answers before")
    closed_at: Moment | None = Field(
        description="When it was accepted, declined or cancelled, or has expired"
    )
    created_at: Moment
    updated_at: Moment


class OrderItemSummary(SQLModel):
    """A package of an order."""

    quantity: int
    name: str


class OrderSummary(SQLModel):
    """An order, as a thread shows it."""

    status: OrderStatus
    starts_at: Moment
    items: list[OrderItemSummary]


class OrderFilters(PageParameters):
    """Filters of the caller's orders."""

    role: Party | None = Field(default=None, description="Only those in which you have this role")
    status: OrderStatus | None = None
