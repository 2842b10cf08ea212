"""Profiles on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.web.views.people import Named
from app.web.views.photos import Photo


class Profile(BaseModel):
    """A profile."""

    id: UUID
    username: str
    full_name: str | None
    bio: str | None
    email: str | None
    phone_number: str | None
    picture: Photo | None
    is_public: bool | None


class Review(BaseModel):
    """An evaluation of a person."""

    id: UUID
    cleaning_id: UUID
    booking_id: UUID
    overall_rating: int
    professionalism: int | None
    completeness: int | None
    efficiency: int | None
    headline: str | None
    comment: str | None
    no_show: bool
    author: Named
    created_at: datetime


REVIEWS = TypeAdapter(list[Review])
