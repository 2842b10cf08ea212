"""Orders on pages."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.web.views.people import Person


class OrderItem(BaseModel):
    """A package of an order, as it was when it was ordered."""

    package_id: UUID
    quantity: int
    name: str
    price: Decimal
    duration: int | None


class Order(BaseModel):
    """An order."""

    id: UUID
    status: str
    items: list[OrderItem]
    total: Decimal
    currency: str
    starts_at: datetime
    duration: int | None
    area: str | None
    address: str | None
    note: str | None
    early_start_at: datetime | None
    customer: Person
    cleaner: Person
    cleaning_id: UUID | None
    booking_id: UUID | None
    reason: str | None
    expires_at: datetime
    closed_at: datetime | None
    created_at: datetime


ORDERS = TypeAdapter(list[Order])
