"""What an offer allows in which state."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.core.errors import Invalid
from app.db.models.offers import Offer, OfferCreate, OfferOutdated, OfferRenewal, OfferUpdate
from app.db.models.states.cleanings import CleaningExpired, CleaningNotOpen, CleaningStatus
from app.db.models.states.offers import (
    OfferNotAccepted,
    OfferNotPending,
    OfferNotRenewable,
    OfferStatus,
)
from tests.db.models.rows import CLEANER_ID, OWNER_ID, cleaning_in, offer_in

PENDING, ACCEPTED, REJECTED, WITHDRAWN, SUPERSEDED = OfferStatus

MOVES: list[tuple[Callable[[Offer], object], OfferStatus, OfferStatus]] = [
    (lambda row: row.revise(OfferUpdate(price=Decimal(40))), PENDING, PENDING),
    (lambda row: row.accept(cleaning_in()), PENDING, ACCEPTED),
    (lambda row: row.reject(cleaning_in()), PENDING, REJECTED),
    (lambda row: row.withdraw(), PENDING, WITHDRAWN),
    (lambda row: row.end_booking(SUPERSEDED), ACCEPTED, SUPERSEDED),
    (lambda row: row.end_booking(WITHDRAWN), ACCEPTED, WITHDRAWN),
]


class TestMaking:
    def test_takes_over_what_the_job_says(self) -> None:
        cleaning = cleaning_in(terms_revision=7)
        cleaning.edit({"currency": "CHF"}, OWNER_ID)
        row = Offer.on(cleaning, CLEANER_ID, OfferCreate())
        assert (row.cleaning_id, row.cleaner_id) == (cleaning.id, CLEANER_ID)
        assert (row.price, row.currency) == (Decimal("50.00"), "CHF")
        assert row.terms_revision == 8
        assert row.status is PENDING

    def test_at_a_price_of_ones_own(self) -> None:
        draft = OfferCreate(price=Decimal("45.5"), message="Tomorrow?")
        row = Offer.on(cleaning_in(), CLEANER_ID, draft)
        assert (row.price, row.message) == (Decimal("45.50"), "Tomorrow?")

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (CleaningStatus.BOOKED, CleaningNotOpen),
            (CleaningStatus.COMPLETED, CleaningNotOpen),
            (CleaningStatus.CANCELLED, CleaningNotOpen),
            (CleaningStatus.EXPIRED, CleaningExpired),
        ],
    )
    def test_on_a_job_that_is_not_open(
        self, status: CleaningStatus, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            Offer.on(cleaning_in(status), CLEANER_ID, OfferCreate())


class TestMoves:
    @pytest.mark.parametrize(("move", "allowed", "then"), MOVES)
    @pytest.mark.parametrize("status", OfferStatus)
    def test_lead_from_one_state_to_another(
        self,
        status: OfferStatus,
        move: Callable[[Offer], object],
        allowed: OfferStatus,
        then: OfferStatus,
    ) -> None:
        row = offer_in(status)
        if status is allowed:
            move(row)
            assert (row.status, row.version) == (then, 2)
            return
        error = OfferNotAccepted if allowed is OfferStatus.ACCEPTED else OfferNotPending
        with pytest.raises(error) as refusal:
            move(row)
        assert refusal.value.members == {"state": status, "allowed": [allowed]}
        assert (row.status, row.version) == (status, 1)


class TestRevising:
    def test_says_whether_anything_changed(self) -> None:
        row = offer_in()
        assert row.revise(OfferUpdate(price=Decimal(45), message="Tomorrow?")) is False
        assert row.version == 1
        assert row.revise(OfferUpdate(message=None)) is True
        assert (row.price, row.message, row.version) == (Decimal("45.00"), None, 2)

    def test_is_no_consent_to_new_terms(self) -> None:
        row = offer_in()
        row.revise(OfferUpdate(price=Decimal(60)))
        assert row.outdated(cleaning_in(terms_revision=2))


class TestDeciding:
    def test_is_not_for_what_is_outdated(self) -> None:
        row = offer_in()
        with pytest.raises(OfferOutdated):
            row.accept(cleaning_in(terms_revision=2))
        assert row.status is PENDING

    def test_a_rejection_is_of_the_terms_as_they_are(self) -> None:
        row, cleaning = offer_in(), cleaning_in(terms_revision=2)
        row.reject(cleaning)
        assert not row.outdated(cleaning)


class TestRenewing:
    @pytest.mark.parametrize(
        ("status", "same_terms", "changed_terms"),
        [
            (PENDING, False, True),
            (ACCEPTED, False, False),
            (REJECTED, False, True),
            (WITHDRAWN, True, True),
            (SUPERSEDED, True, True),
        ],
    )
    def test_depends_on_the_state_and_on_the_terms(
        self, status: OfferStatus, *, same_terms: bool, changed_terms: bool
    ) -> None:
        for terms_revision, allowed in [(1, same_terms), (2, changed_terms)]:
            row, cleaning = offer_in(status), cleaning_in(terms_revision=terms_revision)
            if allowed:
                row.renew(cleaning, OfferRenewal())
                assert row.status is PENDING
                assert (row.version, row.outdated(cleaning)) == (2, False)
            else:
                with pytest.raises(OfferNotRenewable):
                    row.renew(cleaning, OfferRenewal())
                assert (row.status, row.version) == (status, 1)

    def test_after_a_rejection_needs_a_lower_price_for_the_same_terms(self) -> None:
        row, cleaning = offer_in(REJECTED), cleaning_in()
        for price in (Decimal("45.00"), Decimal("45.01")):
            with pytest.raises(OfferNotRenewable) as refusal:
                row.renew(cleaning, OfferRenewal(price=price))
            assert "lower price" in refusal.value.detail
            assert refusal.value.members == {"state": REJECTED}
        row.renew(cleaning, OfferRenewal(price=Decimal("44.99")))
        assert (row.status, row.price, row.version) == (PENDING, Decimal("44.99"), 2)

    @pytest.mark.parametrize(
        ("renewal", "price", "message"),
        [
            (OfferRenewal(), "45.00", "Tomorrow?"),
            (OfferRenewal(price=Decimal(60)), "60.00", "Tomorrow?"),
            (OfferRenewal(message="Today?"), "45.00", "Today?"),
            (OfferRenewal(message=None), "45.00", None),
        ],
    )
    def test_keeps_what_is_not_given(
        self, renewal: OfferRenewal, price: str, message: str | None
    ) -> None:
        row = offer_in(WITHDRAWN)
        row.renew(cleaning_in(), renewal)
        assert (row.price, row.message) == (Decimal(price), message)

    def test_in_another_currency_needs_a_price(self) -> None:
        row, cleaning = offer_in(), cleaning_in()
        cleaning.edit({"currency": "CHF"}, OWNER_ID)
        with pytest.raises(Invalid) as refusal:
            row.renew(cleaning, OfferRenewal(message="Today?"))
        assert refusal.value.field == "price"
        assert (row.message, row.currency, row.version) == ("Tomorrow?", "EUR", 1)
        row.renew(cleaning, OfferRenewal(price=Decimal(48)))
        assert (row.price, row.currency) == (Decimal("48.00"), "CHF")
