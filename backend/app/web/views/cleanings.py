"""Jobs on pages."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.web.categories import ExtraView
from app.web.views.offers import Offer
from app.web.views.people import Person
from app.web.views.photos import Photo, Thumbnail


class Job(BaseModel):
    """A job in a list."""

    id: UUID
    name: str
    description: str | None
    cleaning_type: str
    category: str | None
    price: Decimal
    currency: str
    starts_at: datetime | None
    duration: int | None
    area: str | None
    address: str | None
    status: str
    owner: Person
    photo: Thumbnail | None
    offer_count: int
    created_at: datetime

    @property
    def waiting(self) -> int:
        """The number of offers that its owner can choose from."""
        return self.offer_count if self.status == "open" else 0


class OfferCounts(BaseModel):
    """The numbers of offers, by their states."""

    pending: int


class JobDetail(Job):
    """A job."""

    version: int = 0
    extras: list[ExtraView]
    photos: list[Photo]
    booking_id: UUID | None
    my_offer: Offer | None
    offer_counts: OfferCounts | None
    hidden: bool
    revision: int
    language: str | None

    @property
    def is_own(self) -> bool:
        """Whether the caller is its owner."""
        return self.offer_counts is not None

    def editable(self) -> dict[str, Any]:
        """The present values of what its owner may change."""
        names = {
            *("name", "description", "cleaning_type", "category", "price", "currency"),
            *("starts_at", "duration", "area", "address", "language"),
        }
        return {name: getattr(self, name) for name in names} | {
            "extras": [extra.slug for extra in self.extras]
        }


JOBS = TypeAdapter(list[Job])
