"""Evaluations on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.db.models.evaluations import CRITERIA
from app.web.views.people import Named


class Evaluation(BaseModel):
    """An evaluation of one side of a booking by the other."""

    id: UUID
    role: str
    overall_rating: int
    professionalism: int | None
    completeness: int | None
    efficiency: int | None
    headline: str | None
    comment: str | None
    hidden: bool
    author: Named
    created_at: datetime

    @property
    def criteria(self) -> list[tuple[str, int]]:
        """The criteria that were rated, with their stars."""
        rated = [(name, getattr(self, name)) for name in CRITERIA]
        return [(name, stars) for name, stars in rated if stars is not None]


EVALUATIONS = TypeAdapter(list[Evaluation])
