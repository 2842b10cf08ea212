"""Personal data of evaluations."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.bookings import Role
from app.db.models.evaluations import EvaluationBase
from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike


class EvaluationExport(EvaluationBase):
    """An evaluation of one side of a booking by the other."""

    id: UUID
    no_show: bool
    created_at: Moment
    hidden_at: Moment | None


class RatingExport(SQLModel):
    """Ratings in one role: each list has the numbers of 1, 2, 3, 4 and 5 stars."""

    role: Role
    total: int
    no_shows: int
    average: float | None
    overall_rating: list[int]
    professionalism: list[int]
    completeness: list[int]
    efficiency: list[int]


REPUTATION_KEPT = "reputation of the evaluated users"
NUMBERS_KEPT = "statistics"
STARS = ("overall_rating", "professionalism", "completeness", "efficiency")
SAID = ("headline", "comment")

HOLDINGS = (
    Holding(
        "evaluations",
        "author_id",
        alike(
            (*STARS, *SAID, "no_show"),
            Personal(Tier.PUBLIC, "evaluation of others", REPUTATION_KEPT),
        ),
        others=(
            *("cleaning_id", "id", "booking_id", "author_id", "subject_id", "role"),
            *("created_at", "hidden_at"),
        ),
    ),
    Holding(
        "evaluations",
        "subject_id",
        {
            **alike(SAID, Personal(Tier.OPEN, "evaluation by others")),
            **alike((*STARS, "no_show"), Personal(Tier.OPEN, "evaluation by others", NUMBERS_KEPT)),
        },
    ),
    Holding(
        "ratings",
        "user_id",
        alike(
            (*STARS, "total", "no_shows", "average"),
            Personal(Tier.PUBLIC, "totals of evaluations by others", NUMBERS_KEPT),
        ),
        others=("user_id", "role"),
    ),
)
