"""The terms of a job at some time, on pages."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from app.web.categories import ExtraView


class Terms(BaseModel):
    """The terms of a job at some time."""

    name: str
    description: str | None
    cleaning_type: str
    category: str | None
    extras: list[ExtraView]
    price: Decimal
    currency: str
    starts_at: datetime | None
    duration: int | None
    area: str | None
    address: str | None
