"""What a job allows in which state."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.core.errors import IllegalMove
from app.db.models import Cleaning
from app.db.models.cleanings import (
    CleaningEnded,
    CleaningHidden,
    CleaningNotBooked,
    CleaningNotOpen,
    CleaningStatus,
    CleaningTerms,
    CleaningUpdate,
)
from tests.db.models.rows import LONG_AGO, OWNER_ID, cleaning_in

OPEN, BOOKED, COMPLETED, CANCELLED = CleaningStatus

MOVES: list[
    tuple[Callable[[Cleaning], object], dict[CleaningStatus, CleaningStatus], type[IllegalMove]]
] = [
    (Cleaning.book, {OPEN: BOOKED}, CleaningNotOpen),
    (Cleaning.reopen, {BOOKED: OPEN}, CleaningNotBooked),
    (Cleaning.complete, {BOOKED: COMPLETED}, CleaningNotBooked),
    (lambda row: row.cancel("Sold."), {OPEN: CANCELLED, BOOKED: CANCELLED}, CleaningEnded),
    (lambda row: row.edit(CleaningUpdate(duration=5), OWNER_ID), {OPEN: OPEN}, CleaningNotOpen),
    (lambda row: row.demand_open("offered on"), {OPEN: OPEN}, CleaningNotOpen),
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
        with pytest.raises(error) as refusal:
            move(row)
        assert refusal.value.members == {"state": status, "allowed": list(allowed)}
        assert (row.status, row.version) == (status, 1)

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


class TestEditing:
    def test_keeps_how_it_was(self) -> None:
        row = cleaning_in(terms_revision=3)
        before = row.terms
        revision = row.edit(CleaningUpdate(name="Windows", price=Decimal(60)), OWNER_ID)
        assert revision
        assert (revision.cleaning_id, revision.revision) == (row.id, 3)
        assert revision.editor_id == OWNER_ID
        assert revision.terms == before
        assert (row.name, row.price) == ("Windows", Decimal("60.00"))
        assert (row.terms_revision, row.version) == (4, 2)

    @pytest.mark.parametrize(
        "changes",
        [
            CleaningUpdate(),
            CleaningUpdate(name="Oven scrub", price=Decimal(50), area=None),
        ],
    )
    def test_without_a_difference_is_none(self, changes: CleaningUpdate) -> None:
        row = cleaning_in()
        assert row.edit(changes, OWNER_ID) is None
        assert (row.terms_revision, row.version) == (1, 1)

    def test_is_of_what_is_given_only(self) -> None:
        row = cleaning_in()
        row.edit(CleaningUpdate(description="Both ovens"), OWNER_ID)
        row.edit(CleaningUpdate(duration=90), OWNER_ID)
        assert (row.description, row.duration) == ("Both ovens", 90)
        row.edit(CleaningUpdate(description=None), OWNER_ID)
        assert (row.description, row.duration) == (None, 90)


def test_terms_are_apart_from_the_row() -> None:
    row = cleaning_in()
    terms = row.terms
    row.edit(CleaningUpdate(name="Windows"), OWNER_ID)
    assert terms["name"] == "Oven scrub"
    assert terms.keys() == CleaningTerms.model_fields.keys()
