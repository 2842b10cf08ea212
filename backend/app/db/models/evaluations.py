"""Evaluations of one side of a finished booking by the other, and the ratings of users."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, IllegalMove, Invalid, NotFound
from app.db.models.bookings import Booking, Role
from app.db.models.fields import (
    Headline,
    Input,
    LongText,
    Moment,
    Stars,
    choice,
    id_field,
    moment_field,
    now,
)
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfilePublic
from app.db.models.states.bookings import BookingStatus
from app.db.models.versioned import Tagged
from app.postgres.rows import Row

CRITERIA = ("professionalism", "completeness", "efficiency")
"""The criteria in which owners can rate cleaners, beside the overall rating."""

STARS = ("overall_rating", *CRITERIA)
"""All ratings of an evaluation."""


class EvaluationNotFound(NotFound):
    code = "evaluation_not_found"
    detail = "Evaluation not found."


class BookingNotFinished(IllegalMove):
    code = "booking_not_finished"
    detail = "Only completed and missed bookings can be evaluated."
    thing = "booking"


class AlreadyEvaluated(Conflict):
    code = "already_evaluated"
    detail = "You have already evaluated this booking."


class OtherSideDeleted(Conflict):
    code = "other_side_deleted"
    detail = "The account of the other side was deleted."


class EvaluationBase(SQLModel):
    """The fields of an evaluation that are both stored and shown."""

    overall_rating: Stars = Field(schema_extra={"examples": [5]})
    professionalism: Stars | None = Field(default=None, description="Of cleaners only")
    completeness: Stars | None = Field(default=None, description="Of cleaners only")
    efficiency: Stars | None = Field(default=None, description="Of cleaners only")
    headline: Headline | None = Field(default=None, schema_extra={"examples": ["Spotless"]})
    comment: LongText | None = None


class Evaluation(EvaluationBase, Row, table=True):
    """An evaluation of one side of a finished booking by the other."""

    __tablename__ = "evaluations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cleaning_id", "booking_id"], ["bookings.cleaning_id", "bookings.id"]
        ),
        UniqueConstraint("cleaning_id", "booking_id", "role"),
        CheckConstraint("author_id <> subject_id", name="sides"),
        CheckConstraint("role = 'cleaner' OR NOT no_show", name="no_show"),
        CheckConstraint("overall_rating BETWEEN 1 AND 5", name="overall_rating"),
        *(CheckConstraint(f"{name} BETWEEN 1 AND 5", name=name) for name in CRITERIA),
        CheckConstraint(
            "role = 'cleaner' OR coalesce(professionalism, completeness, efficiency) IS NULL",
            name="criteria",
        ),
        Index("ix_evaluations_subject_id", "subject_id", "role", "id"),  # those of one user
    )

    cleaning_id: UUID = Field(primary_key=True)
    id: UUID = id_field()
    booking_id: UUID
    author_id: UUID = Field(foreign_key="users.id")
    subject_id: UUID = Field(foreign_key="users.id")
    role: Role = Field(sa_type=choice(Role, "role"))
    no_show: bool
    hidden_at: datetime | None = moment_field(default=None)
    created_at: datetime = moment_field(default_factory=now)

    @classmethod
    def of(cls, booking: Booking, author_id: UUID, draft: "EvaluationCreate") -> "Evaluation":
        """Returns a new evaluation.

        Raises:
            BookingNotFound: The author has no part in it.
            BookingNotFinished: The booking is neither completed nor a no-show.
            Invalid: A cleaner rates an owner by a criterion of cleaners.
        """
        author = booking.role_of(author_id)
        BookingNotFinished.unless(
            booking.status, [BookingStatus.COMPLETED, BookingStatus.NO_SHOW], "evaluated"
        )
        if author is Role.CLEANER:
            for name in CRITERIA:
                if getattr(draft, name) is not None:
                    raise Invalid("Only cleaners can be rated in this.", field=name)
        of_cleaner = author is Role.OWNER
        return cls(
            cleaning_id=booking.cleaning_id,
            booking_id=booking.id,
            author_id=author_id,
            subject_id=booking.cleaner_id if of_cleaner else booking.owner_id,
            role=Role.CLEANER if of_cleaner else Role.OWNER,
            no_show=of_cleaner and booking.status is BookingStatus.NO_SHOW,
            **draft.model_dump(),
        )

    def hide(self, rating: "Rating") -> bool:
        """Removes it from the rating of its subject, and returns whether it was counted."""
        if self.hidden_at:
            return False
        self.hidden_at = now()
        rating.discount(self)
        return True

    def show(self, rating: "Rating") -> bool:
        """Adds it to the rating of its subject again, and returns whether it was hidden."""
        if not self.hidden_at:
            return False
        self.hidden_at = None
        rating.count(self)
        return True


def stars_field() -> Any:
    """A column with the numbers of ratings with 1, 2, 3, 4 and 5 stars."""
    return Field(default_factory=lambda: [0] * 5, sa_type=ARRAY(Integer))


class Rating(Row, table=True):
    """The aggregated evaluations of a user in one role: counts by the number of stars.

    It is updated with each evaluation, so that reads need no aggregation. Hidden evaluations are
    not counted.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("total >= 0 AND no_shows BETWEEN 0 AND total", name="total"),
        *(CheckConstraint(f"cardinality({name}) = 5", name=name) for name in STARS),
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    role: Role = Field(primary_key=True, sa_type=choice(Role, "role"))
    total: int = 0
    no_shows: int = 0
    average: float | None = None
    overall_rating: list[int] = stars_field()
    professionalism: list[int] = stars_field()
    completeness: list[int] = stars_field()
    efficiency: list[int] = stars_field()

    def count(self, evaluation: Evaluation) -> None:
        """Adds an evaluation."""
        self._add(evaluation, 1)

    def discount(self, evaluation: Evaluation) -> None:
        """Removes an evaluation."""
        self._add(evaluation, -1)

    def _add(self, evaluation: Evaluation, times: int) -> None:
        self.total += times
        self.no_shows += times * evaluation.no_show
        for name in STARS:
            given = getattr(evaluation, name)
            if given is not None:
                stars = list(getattr(self, name))
                stars[given - 1] += times
                setattr(self, name, stars)
        self.average = average(self.overall_rating)


class EvaluationCreate(Input, EvaluationBase):
    """A new evaluation. Cleaners give owners an overall rating only."""


class EvaluationPublic(EvaluationBase, Tagged):
    """An evaluation as all users see it."""

    id: UUID
    cleaning_id: UUID
    booking_id: UUID
    role: Role = Field(description="The role in which the user was evaluated")
    no_show: bool = Field(description="Whether the booking was a no-show")
    hidden: bool = Field(description="Whether staff has hidden it from all users but its author")
    author: ProfilePublic
    subject: ProfilePublic
    created_at: Moment


def average(stars: Sequence[int]) -> float | None:
    """The average of the numbers of 1, 2, 3, 4 and 5 stars; None without any."""
    total = sum(number * times for number, times in enumerate(stars, start=1))
    return total / sum(stars) if any(stars) else None


def shown_average(stars: Sequence[int]) -> float | None:
    """The average with two decimal places, rounded as PostgreSQL rounds it."""
    exact = average(stars)
    if exact is None:
        return None
    return float(Decimal(repr(exact)).quantize(Decimal("0.01"), ROUND_HALF_UP))


class ScoreStats(SQLModel):
    """The ratings by one criterion; null without any."""

    average: float | None = Field(
        default=None, description="With two decimal places", schema_extra={"examples": [4.33]}
    )
    min: int | None = None
    max: int | None = None

    @classmethod
    def of(cls, stars: Sequence[int]) -> "ScoreStats":
        """Aggregates the numbers of 1, 2, 3, 4 and 5 stars."""
        given = [number for number, times in enumerate(stars, start=1) if times]
        if not given:
            return cls()
        return cls(average=shown_average(stars), min=given[0], max=given[-1])


class OverallStats(ScoreStats):
    """The overall ratings."""

    stars: dict[str, int] = Field(description="The number of ratings by stars")


class EvaluationStats(SQLModel):
    """The aggregated evaluations of a user in one role."""

    total: int
    no_shows: int
    overall_rating: OverallStats
    professionalism: ScoreStats
    completeness: ScoreStats
    efficiency: ScoreStats

    @classmethod
    def of(cls, rating: Rating) -> "EvaluationStats":
        """Aggregates a rating."""
        overall = ScoreStats.of(rating.overall_rating)
        return cls(
            total=rating.total,
            no_shows=rating.no_shows,
            overall_rating=OverallStats(
                **overall.model_dump(),
                stars={str(n): times for n, times in enumerate(rating.overall_rating, start=1)},
            ),
            professionalism=ScoreStats.of(rating.professionalism),
            completeness=ScoreStats.of(rating.completeness),
            efficiency=ScoreStats.of(rating.efficiency),
        )


class RatingFilters(Input):
    """Filters of the aggregated evaluations of a user."""

    role: Role = Field(default=Role.CLEANER, description="The role in which they were evaluated")


class EvaluationFilters(RatingFilters, PageParameters):
    """Filters of the evaluations of a user."""
