"""Personal data of evaluations."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.bookings import Role
from app.db.models.evaluations import EvaluationBase
from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike


class EvaluationExport(EvaluationBase):
    """What one side of a booking has said of the other."""

    id: UUID
    no_show: bool
    created_at: Moment
    hidden_at: Moment | None


class RatingExport(SQLModel):
    """How one is rated in one role: each list says how often 1, 2, 3, 4 and 5 stars were given."""

    role: Role
    total: int
    no_shows: int
    average: float | None
    overall_rating: list[int]
    professionalism: list[int]
    completeness: list[int]
    efficiency: list[int]


REPUTATION_KEPT = "the reputation of those of whom it was said"
NUMBERS_KEPT = "only numbers"
STARS = ("overall_rating", "professionalism", "completeness", "efficiency")
SAID = ("headline", "comment")

HOLDINGS = (
    Holding(
        "evaluations",
        "author_id",
        alike(
            (*STARS, *SAID, "no_show"),
            Personal(Tier.PUBLIC, "what they say of others", REPUTATION_KEPT),
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
            **alike(SAID, Personal(Tier.PUBLIC, "what others say of them")),
            **alike(
                (*STARS, "no_show"), Personal(Tier.PUBLIC, "what others say of them", NUMBERS_KEPT)
            ),
        },
    ),
    Holding(
        "ratings",
        "user_id",
        alike(
            (*STARS, "total", "no_shows", "average"),
            Personal(Tier.PUBLIC, "what others say of them, counted", NUMBERS_KEPT),
        ),
        others=("user_id", "role"),
    ),
)
