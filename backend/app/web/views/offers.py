"""Offers on pages."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.web.views.people import Person


class OfferedJob(BaseModel):
    """The job of an offer."""

    name: str
    status: str
    starts_at: datetime | None


class Offer(BaseModel):
    """An offer."""

    id: UUID
    cleaning_id: UUID
    version: int = 0
    price: Decimal
    currency: str
    message: str | None
    status: str
    outdated: bool
    cleaner: Person
    cleaning: OfferedJob | None
    created_at: datetime


OFFERS = TypeAdapter(list[Offer])
