"""What a booking allows in which state."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from app.db.models.bookings import (
    UNREPORTED_FOR,
    AlreadyReported,
    Booking,
    BookingNotFound,
    BookingNotStarted,
    BookingStarted,
    CancelledBy,
    Role,
)
from app.db.models.fields import now
from app.db.models.states.bookings import BookingNotScheduled, BookingStatus
from tests.db.models.rows import (
    CLEANER_ID,
    OWNER_ID,
    STRANGER_ID,
    booking_in,
    cleaning_in,
    offer_in,
)

LATER = timedelta(hours=1)
ANSWERED_WITHIN = timedelta(hours=72)
SCHEDULED, COMPLETED, CANCELLED, NO_SHOW = BookingStatus
ENDED = [COMPLETED, CANCELLED, NO_SHOW]

Move = Callable[[Booking], None]
Answer = BookingStatus | type[Exception]
MOVES: list[tuple[Move, Answer, Answer, Answer]] = [
    (Booking.complete, BookingNotStarted, COMPLETED, COMPLETED),
    (lambda row: row.cancel(Role.CLEANER, "Ill."), CANCELLED, BookingStarted, CANCELLED),
    (Booking.miss, BookingNotStarted, NO_SHOW, BookingNotStarted),
    (lambda row: row.report(ANSWERED_WITHIN), BookingNotStarted, SCHEDULED, SCHEDULED),
    (Booking.forget, CANCELLED, CANCELLED, CANCELLED),
]
"""What each move leads to before the start, after it, and if there is none."""
WHEN = [LATER, -LATER, None]
CASES = [
    (move, starts_in, answer)
    for move, *answers in MOVES
    for starts_in, answer in zip(WHEN, answers, strict=True)
]


class TestMaking:
    def test_takes_the_price_of_the_offer_and_the_terms_of_the_job(self) -> None:
        cleaning = cleaning_in(starts_at=now())
        offer = offer_in(cleaning_id=cleaning.id)
        row = Booking.of(cleaning, offer)
        assert (row.cleaning_id, row.offer_id) == (cleaning.id, offer.id)
        assert (row.owner_id, row.cleaner_id) == (OWNER_ID, CLEANER_ID)
        assert (row.price, row.currency) == (Decimal("45.00"), "EUR")
        assert row.terms == cleaning.terms
        assert row.status is BookingStatus.SCHEDULED
        assert row.ended_at is None

    def test_keeps_the_terms_as_they_were(self) -> None:
        cleaning = cleaning_in()
        row = Booking.of(cleaning, offer_in(cleaning_id=cleaning.id))
        cleaning.edit({"name": "Windows"}, OWNER_ID)
        assert row.terms["name"] == "Oven scrub"


class TestSides:
    def test_are_the_owner_and_the_cleaner(self) -> None:
        row = booking_in()
        assert row.role_of(OWNER_ID) is Role.OWNER
        assert row.role_of(CLEANER_ID) is Role.CLEANER

    def test_strangers_do_not_know_of_it(self) -> None:
        with pytest.raises(BookingNotFound):
            booking_in().role_of(STRANGER_ID)


class TestMoves:
    @pytest.mark.parametrize(("move", "starts_in", "answer"), CASES)
    def test_depend_on_the_start(
        self, move: Move, starts_in: timedelta | None, answer: Answer
    ) -> None:
        row = booking_in(starts_at=None if starts_in is None else now() + starts_in)
        if not isinstance(answer, BookingStatus):
            with pytest.raises(answer):
                move(row)
            assert (row.status, row.version, row.cancelled_by) == (SCHEDULED, 1, None)
            return
        move(row)
        assert (row.status, row.version) == (answer, 2)
        assert (row.ended_at is None) == (answer is SCHEDULED)
        assert row.created_at <= (row.ended_at or now()) <= now()

    @pytest.mark.parametrize("move", [move for move, *_ in MOVES])
    @pytest.mark.parametrize("status", ENDED)
    @pytest.mark.parametrize("starts_in", [-LATER, LATER])
    def test_happens_once(
        self,
        status: BookingStatus,
        starts_in: timedelta,
        move: Move,
    ) -> None:
        row = booking_in(status, starts_at=now() + starts_in)
        with pytest.raises(BookingNotScheduled) as refusal:
            move(row)
        assert refusal.value.members == {"state": status, "allowed": [BookingStatus.SCHEDULED]}
        assert (row.status, row.version, row.cancelled_by) == (status, 1, None)

    def test_a_cancellation_says_who_and_why(self) -> None:
        row = booking_in()
        row.cancel(Role.CLEANER, "Ill.")
        assert (row.cancelled_by, row.cancellation_reason) == (CancelledBy.CLEANER, "Ill.")

    def test_one_without_a_start_that_was_missed_says_what_to_do_instead(self) -> None:
        with pytest.raises(BookingNotStarted) as refusal:
            booking_in().miss()
        assert refusal.value.detail == "The booking has no start to be missed. Cancel it instead."


class TestReporting:
    def test_gives_the_owner_some_time_to_answer(self) -> None:
        row = booking_in()
        row.report(ANSWERED_WITHIN)
        assert row.reported_at
        assert row.completes_at == row.reported_at + ANSWERED_WITHIN
        assert not row.is_confirmed_by_time

    def test_happens_once(self) -> None:
        row = booking_in()
        row.report(ANSWERED_WITHIN)
        with pytest.raises(AlreadyReported):
            row.report(ANSWERED_WITHIN)
        assert row.version == 2

    @pytest.mark.parametrize("answer", [Booking.complete, Booking.miss])
    def test_can_be_answered_until_it_is_completed_by_time(self, answer: Move) -> None:
        row = booking_in(starts_at=now() - LATER)
        row.report(timedelta())
        assert row.is_confirmed_by_time
        answer(row)
        assert row.reported_at
        assert row.completes_at is None
        assert not row.is_confirmed_by_time


class TestForgetting:
    def test_takes_its_time(self) -> None:
        assert not booking_in(starts_at=now() - UNREPORTED_FOR + LATER).is_forgotten
        assert booking_in(starts_at=now() - UNREPORTED_FOR).is_forgotten

    def test_is_not_what_happens_to_one_without_a_start(self) -> None:
        assert not booking_in().is_forgotten

    @pytest.mark.parametrize("status", ENDED)
    def test_is_not_what_happens_to_one_that_has_ended(self, status: BookingStatus) -> None:
        assert not booking_in(status, starts_at=now() - UNREPORTED_FOR).is_forgotten

    def test_is_not_what_happens_to_one_that_was_reported(self) -> None:
        row = booking_in(starts_at=now() - UNREPORTED_FOR)
        row.report(ANSWERED_WITHIN)
        assert not row.is_forgotten
