"""People on pages."""

from uuid import UUID

from pydantic import BaseModel

from app.web.views.photos import Thumbnail


class Rating(BaseModel):
    """The rating of a person in one role."""

    average: float | None
    total: int


class Named(BaseModel):
    """A person."""

    id: UUID
    username: str
    full_name: str | None
    picture: Thumbnail | None


class Person(Named):
    """A person in one role."""

    rating: Rating
