"""What a job allows in which state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import Conflict, IllegalMove, Invalid
from app.db.models.cleanings import Cleaning
from app.db.models.fields import now
from app.db.models.states.cleanings import (
    CleaningEnded,
    CleaningExpired,
    CleaningHidden,
    CleaningMove,
    CleaningNotBooked,
    CleaningNotOpen,
    CleaningStatus,
)
from app.db.models.terms import CleaningTerms
from tests.db.models.rows import LONG_AGO, OWNER_ID, cleaning_in

OPEN, BOOKED, COMPLETED, CANCELLED, EXPIRED = CleaningStatus
BY_TIME = {Cleaning.reopen, Cleaning.complete, Cleaning.expire}
"""Moves that an expired job refuses as it refuses them in any other state."""

MOVES: list[
    tuple[Callable[[Cleaning], object], dict[CleaningStatus, CleaningStatus], type[IllegalMove]]
] = [
    (Cleaning.expire, {OPEN: EXPIRED, BOOKED: EXPIRED}, CleaningEnded),
    (Cleaning.book, {OPEN: BOOKED}, CleaningNotOpen),
    (Cleaning.reopen, {BOOKED: OPEN}, CleaningNotBooked),
    (Cleaning.complete, {BOOKED: COMPLETED}, CleaningNotBooked),
    (lambda row: row.cancel("Sold."), {OPEN: CANCELLED, BOOKED: CANCELLED}, CleaningEnded),
    (lambda row: row.edit({"duration": 5}, OWNER_ID), {OPEN: OPEN}, CleaningNotOpen),
    (lambda row: row.demand_open(CleaningMove.OFFER), {OPEN: OPEN}, CleaningNotOpen),
]


class TestMoves:
    @pytest.mark.parametrize(("move", "allowed", "error"), MOVES)
    @pytest.mark.parametrize("status", CleaningStatus)
    def test_lead_from_some_states_to_another(
        self,
        status: CleaningStatus,
        move: Callable[[Cleaning], object],
        allowed: dict[CleaningStatus, CleaningStatus],
        error: type[IllegalMove],
    ) -> None:
        row = cleaning_in(status)
        if status in allowed:
            move(row)
            assert row.status is allowed[status]
            return
        if status is EXPIRED and move not in BY_TIME:
            allowed = {OPEN: EXPIRED}
            refused: type[Conflict] = CleaningExpired
        else:
            refused = error
        with pytest.raises(refused) as refusal:
            move(row)
        assert refusal.value.members == {"state": status, "allowed": list(allowed)}
        assert (row.status, row.version) == (status, 1)

    @pytest.mark.parametrize("move", [move for move, *_ in MOVES if move not in BY_TIME])
    def test_of_an_open_job_end_at_its_start(self, move: Callable[[Cleaning], object]) -> None:
        row = cleaning_in(starts_at=now())
        with pytest.raises(CleaningExpired):
            move(row)
        assert (row.status, row.version) == (OPEN, 1)

    def test_to_a_new_agreement_end_while_it_is_hidden(self) -> None:
        row = cleaning_in()
        assert [row.hide(), row.hide()] == [True, False]
        with pytest.raises(CleaningHidden):
            row.book()
        assert (row.status, row.version) == (OPEN, 2)
        assert [row.show(), row.show()] == [True, False]
        row.book()
        assert row.status is BOOKED

    @pytest.mark.parametrize("move", [Cleaning.book, Cleaning.delete])
    def test_make_a_new_version(self, move: Callable[[Cleaning], None]) -> None:
        row = cleaning_in()
        row.updated_at = LONG_AGO
        move(row)
        assert row.version == 2
        assert row.updated_at > LONG_AGO

    def test_keep_the_reason_of_a_cancellation(self) -> None:
        row = cleaning_in()
        row.cancel("Sold.")
        assert row.cancellation_reason == "Sold."

    def test_say_in_words_why_they_are_refused(self) -> None:
        with pytest.raises(CleaningEnded) as refusal:
            cleaning_in(COMPLETED).cancel(None)
        assert refusal.value.detail == (
            "The job is completed; only one that is open or booked can be cancelled."
        )

    @pytest.mark.parametrize("move", [Cleaning.reopen, Cleaning.expire])
    def test_of_a_job_that_comes_from_an_order_never_open_it(
        self, move: Callable[[Cleaning], object]
    ) -> None:
        row = cleaning_in(BOOKED)
        row.ordered = True
        move(row)
        assert row.status is CANCELLED


class TestEditing:
    def test_keeps_how_it_was(self) -> None:
        row = cleaning_in(terms_revision=3)
        before = row.terms
        revision = row.edit({"name": "Windows", "price": Decimal(60)}, OWNER_ID)
        assert revision
        assert (revision.cleaning_id, revision.revision) == (row.id, 3)
        assert revision.editor_id == OWNER_ID
        assert revision.terms == before
        assert (row.name, row.price) == ("Windows", Decimal("60.00"))
        assert (row.terms_revision, row.version) == (4, 2)

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"name": "Oven scrub", "price": Decimal(50), "area": None},
        ],
    )
    def test_without_a_difference_is_none(self, changes: dict[str, Any]) -> None:
        row = cleaning_in()
        assert row.edit(changes, OWNER_ID) is None
        assert (row.terms_revision, row.version) == (1, 1)

    def test_is_of_what_is_given_only(self) -> None:
        row = cleaning_in()
        row.edit({"description": "Both ovens"}, OWNER_ID)
        row.edit({"duration": 90}, OWNER_ID)
        assert (row.description, row.duration) == ("Both ovens", 90)
        row.edit({"description": None}, OWNER_ID)
        assert (row.description, row.duration) == (None, 90)


class TestReopening:
    @pytest.mark.parametrize("status", [OPEN, EXPIRED])
    def test_is_done_by_a_new_start(self, status: CleaningStatus) -> None:
        row = cleaning_in(status, starts_at=LONG_AGO)
        starts_at = now() + timedelta(hours=1)
        revision = row.edit({"name": "Windows", "starts_at": starts_at}, OWNER_ID)
        assert revision
        assert (row.status, row.starts_at, row.name) == (OPEN, starts_at, "Windows")

    @pytest.mark.parametrize("status", [OPEN, EXPIRED])
    @pytest.mark.parametrize("starts_at", [None, LONG_AGO])
    def test_is_not_done_without_one(
        self, status: CleaningStatus, starts_at: datetime | None
    ) -> None:
        row = cleaning_in(status, starts_at=LONG_AGO)
        with pytest.raises(CleaningExpired):
            row.edit({"name": "Windows", "starts_at": starts_at}, OWNER_ID)
        assert (row.status, row.name, row.starts_at) == (status, "Oven scrub", LONG_AGO)

    @pytest.mark.parametrize("status", [OPEN, EXPIRED])
    def test_needs_a_start_in_the_future(self, status: CleaningStatus) -> None:
        row = cleaning_in(status, starts_at=LONG_AGO)
        with pytest.raises(Invalid) as refusal:
            row.edit({"starts_at": now()}, OWNER_ID)
        assert refusal.value.field == "starts_at"


def test_terms_are_apart_from_the_row() -> None:
    row = cleaning_in()
    terms = row.terms
    row.edit({"name": "Windows"}, OWNER_ID)
    assert terms["name"] == "Oven scrub"
    assert terms.keys() == CleaningTerms.model_fields.keys()
