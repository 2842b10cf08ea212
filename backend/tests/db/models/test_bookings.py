"""What a booking allows in which state."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from app.db.models import Booking
from app.db.models.bookings import (
    BookingNotFound,
    BookingNotScheduled,
    BookingNotStarted,
    BookingStatus,
    Role,
)
from app.db.models.cleanings import CleaningUpdate
from app.db.models.fields import now
from tests.db.models.rows import (
    CLEANER_ID,
    OWNER_ID,
    STRANGER_ID,
    booking_in,
    cleaning_in,
    offer_in,
)

MOVES: list[tuple[Callable[[Booking], None], BookingStatus]] = [
    (Booking.complete, BookingStatus.COMPLETED),
    (lambda row: row.cancel(Role.CLEANER, "Ill."), BookingStatus.CANCELLED),
    (Booking.miss, BookingStatus.NO_SHOW),
]
ENDED = [status for status in BookingStatus if status is not BookingStatus.SCHEDULED]
LATER = timedelta(hours=1)


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
        cleaning.edit(CleaningUpdate(name="Windows"), OWNER_ID)
        assert row.terms["name"] == "Oven scrub"


class TestSides:
    def test_are_the_owner_and_the_cleaner(self) -> None:
        row = booking_in()
        assert row.role_of(OWNER_ID) is Role.OWNER
        assert row.role_of(CLEANER_ID) is Role.CLEANER

    def test_strangers_do_not_know_of_it(self) -> None:
        with pytest.raises(BookingNotFound):
            booking_in().role_of(STRANGER_ID)


class TestEnding:
    @pytest.mark.parametrize(("move", "then"), MOVES)
    def test_leads_to_another_state(
        self, move: Callable[[Booking], None], then: BookingStatus
    ) -> None:
        row = booking_in()
        move(row)
        assert (row.status, row.version) == (then, 2)
        assert row.ended_at
        assert row.created_at <= row.ended_at <= now()

    @pytest.mark.parametrize("move", [move for move, _ in MOVES])
    @pytest.mark.parametrize("status", ENDED)
    @pytest.mark.parametrize("starts_in", [-LATER, LATER])
    def test_happens_once(
        self,
        status: BookingStatus,
        starts_in: timedelta,
        move: Callable[[Booking], None],
    ) -> None:
        row = booking_in(status, starts_at=now() + starts_in)
        with pytest.raises(BookingNotScheduled) as refusal:
            move(row)
        assert refusal.value.members == {"state": status, "allowed": [BookingStatus.SCHEDULED]}
        assert (row.status, row.version, row.cancelled_by) == (status, 1, None)

    def test_a_cancellation_says_who_and_why(self) -> None:
        row = booking_in()
        row.cancel(Role.CLEANER, "Ill.")
        assert (row.cancelled_by, row.cancellation_reason) == (Role.CLEANER, "Ill.")

    def test_nobody_can_have_missed_what_is_yet_to_start(self) -> None:
        row = booking_in(starts_at=now() + LATER)
        with pytest.raises(BookingNotStarted):
            row.miss()
        assert (row.status, row.version) == (BookingStatus.SCHEDULED, 1)

    def test_it_can_be_missed_once_it_was_to_start(self) -> None:
        row = booking_in(starts_at=now())
        row.miss()
        assert row.status is BookingStatus.NO_SHOW
