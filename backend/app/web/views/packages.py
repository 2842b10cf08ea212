"""Packages on pages."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.web.views.people import Person
from app.web.views.photos import Photo, Thumbnail


class Package(BaseModel):
    """A package in a list."""

    id: UUID
    name: str
    description: str | None
    price: Decimal
    currency: str
    duration: int | None
    area: str | None
    category: str
    status: str
    revision: int
    stock: int | None
    cleaner: Person
    photo: Thumbnail | None

    def is_beside(self, other: "Package") -> bool:
        """Whether both can be ordered together."""
        return (self.cleaner.id, self.currency) == (other.cleaner.id, other.currency)

    @property
    def is_sold_out(self) -> bool:
        """Whether no piece is left."""
        return self.stock == 0


class PackageDetail(Package):
    """A package."""

    version: int = 0
    seller_id: UUID
    photos: list[Photo]
    offered: int | None
    hidden: bool
    language: str

    def editable(self) -> dict[str, Any]:
        """The present values of what its seller may change."""
        terms = ("name", "description", "price", "currency", "duration", "area", "category")
        names = (*terms, "language")
        return {name: getattr(self, name) for name in names}


class PackageTerms(BaseModel):
    """The terms of an earlier revision."""

    name: str
    description: str | None
    price: Decimal
    currency: str
    duration: int | None
    area: str | None
    category: str


class PackageRevision(BaseModel):
    """An earlier revision."""

    revision: int
    terms: PackageTerms
    edited_at: datetime


PACKAGES = TypeAdapter(list[Package])
REVISIONS = TypeAdapter(list[PackageRevision])
