"""People on pages."""

from uuid import UUID

from pydantic import BaseModel


class Rating(BaseModel):
    """The rating of a person in one role."""

    average: float | None
    total: int


class Person(BaseModel):
    """A person in one role."""

    id: UUID
    username: str
    full_name: str | None
    rating: Rating
