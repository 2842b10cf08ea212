"""Who may say what of whom, and what it adds up to."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.core.errors import Invalid
from app.db.models.bookings import BookingNotFound, Role
from app.db.models.evaluations import (
    CRITERIA,
    BookingNotFinished,
    Evaluation,
    EvaluationCreate,
    EvaluationStats,
    OverallStats,
    Rating,
    ScoreStats,
)
from app.db.models.states.bookings import BookingStatus
from tests.db.models.rows import CLEANER_ID, OWNER_ID, STRANGER_ID, booking_in

FINE = EvaluationCreate(overall_rating=5)


def rating_of(*drafts: dict[str, Any], end: BookingStatus = BookingStatus.COMPLETED) -> Rating:
    """What evaluations of a cleaner add up to."""
    rating = Rating(user_id=CLEANER_ID, role=Role.CLEANER)
    for draft in drafts:
        rating.count(Evaluation.of(booking_in(end), OWNER_ID, EvaluationCreate(**draft)))
    return rating


class TestEvaluating:
    def test_an_owner_says_it_of_the_cleaner(self) -> None:
        booking = booking_in(BookingStatus.COMPLETED)
        draft = EvaluationCreate(overall_rating=4, efficiency=2, headline="Fine")
        row = Evaluation.of(booking, OWNER_ID, draft)
        assert (row.author_id, row.subject_id, row.role) == (OWNER_ID, CLEANER_ID, Role.CLEANER)
        assert (row.cleaning_id, row.booking_id) == (booking.cleaning_id, booking.id)
        assert (row.overall_rating, row.efficiency, row.headline) == (4, 2, "Fine")
        assert row.no_show is False

    def test_a_cleaner_says_it_of_the_owner(self) -> None:
        row = Evaluation.of(booking_in(BookingStatus.COMPLETED), CLEANER_ID, FINE)
        assert (row.author_id, row.subject_id, row.role) == (CLEANER_ID, OWNER_ID, Role.OWNER)

    @pytest.mark.parametrize("status", BookingStatus)
    def test_is_for_what_is_finished(self, status: BookingStatus) -> None:
        if status in {BookingStatus.COMPLETED, BookingStatus.NO_SHOW}:
            assert Evaluation.of(booking_in(status), OWNER_ID, FINE).overall_rating == 5
            return
        with pytest.raises(BookingNotFinished) as refusal:
            Evaluation.of(booking_in(status), OWNER_ID, FINE)
        assert refusal.value.members == {"state": status, "allowed": ["completed", "no_show"]}

    def test_is_not_for_strangers(self) -> None:
        with pytest.raises(BookingNotFound):
            Evaluation.of(booking_in(BookingStatus.COMPLETED), STRANGER_ID, FINE)

    @pytest.mark.parametrize("name", CRITERIA)
    def test_owners_are_rated_as_a_whole(self, name: str) -> None:
        draft = EvaluationCreate.model_validate({"overall_rating": 5, name: 5})
        with pytest.raises(Invalid) as refusal:
            Evaluation.of(booking_in(BookingStatus.COMPLETED), CLEANER_ID, draft)
        assert refusal.value.field == name

    def test_only_the_cleaner_can_have_been_a_no_show(self) -> None:
        booking = booking_in(BookingStatus.NO_SHOW)
        assert Evaluation.of(booking, OWNER_ID, FINE).no_show is True
        assert Evaluation.of(booking, CLEANER_ID, FINE).no_show is False


class TestCounting:
    def test_how_often_each_number_of_stars_was_given(self) -> None:
        rating = rating_of(
            {"overall_rating": 5, "completeness": 3},
            {"overall_rating": 5},
            {"overall_rating": 2, "completeness": 1},
        )
        assert rating.overall_rating == [0, 1, 0, 0, 2]
        assert rating.completeness == [1, 0, 1, 0, 0]
        assert rating.efficiency == [0, 0, 0, 0, 0]
        assert (rating.total, rating.no_shows, rating.average) == (3, 0, 4.0)

    def test_no_shows(self) -> None:
        rating = rating_of({"overall_rating": 1}, end=BookingStatus.NO_SHOW)
        assert (rating.total, rating.no_shows) == (1, 1)

    def test_of_nobody_is_not_of_somebody_else(self) -> None:
        rating_of({"overall_rating": 5})
        assert rating_of().overall_rating == [0, 0, 0, 0, 0]
        assert rating_of().average is None


class TestHiding:
    def test_takes_away_what_was_counted_once(self) -> None:
        others, given = {"overall_rating": 5}, {"overall_rating": 1, "efficiency": 2}
        rating = rating_of(others, given)
        before = rating.model_dump()
        row = Evaluation.of(
            booking_in(BookingStatus.COMPLETED), OWNER_ID, EvaluationCreate.model_validate(given)
        )
        assert [row.hide(rating), row.hide(rating)] == [True, False]
        assert rating.model_dump() == rating_of(others).model_dump()
        assert [row.show(rating), row.show(rating)] == [True, False]
        assert rating.model_dump() == before

    def test_leaves_nothing_of_the_only_one(self) -> None:
        rating = rating_of({"overall_rating": 1}, end=BookingStatus.NO_SHOW)
        draft = EvaluationCreate(overall_rating=1)
        Evaluation.of(booking_in(BookingStatus.NO_SHOW), OWNER_ID, draft).hide(rating)
        assert rating.model_dump() == rating_of().model_dump()


class TestSummingUp:
    @pytest.mark.parametrize(
        ("stars", "average", "lowest", "highest"),
        [
            ([0, 0, 0, 0, 0], None, None, None),
            ([0, 0, 1, 0, 0], 3.0, 3, 3),
            ([1, 0, 0, 0, 1], 3.0, 1, 5),
            ([0, 2, 0, 1, 0], 2.67, 2, 4),
            ([3, 0, 0, 0, 0], 1.0, 1, 1),
        ],
    )
    def test_one_respect(
        self, stars: Sequence[int], average: float | None, lowest: int | None, highest: int | None
    ) -> None:
        assert ScoreStats.of(stars) == ScoreStats(average=average, min=lowest, max=highest)

    def test_a_user(self) -> None:
        rating = rating_of({"overall_rating": 4, "efficiency": 1}, {"overall_rating": 5})
        assert EvaluationStats.of(rating) == EvaluationStats(
            total=2,
            no_shows=0,
            overall_rating=OverallStats(
                average=4.5, min=4, max=5, stars={"1": 0, "2": 0, "3": 0, "4": 1, "5": 1}
            ),
            professionalism=ScoreStats(),
            completeness=ScoreStats(),
            efficiency=ScoreStats(average=1.0, min=1, max=1),
        )
