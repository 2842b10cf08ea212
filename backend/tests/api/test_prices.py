"""Prices fit their currency, and are compared with prices in the same one only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.factories.cleanings import make_cleaning, names
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user
from tests.statements import recorded

NOT_SUPPORTED, NOT_WHOLE = "currency_not_supported", "price_not_whole"
FIELDS = {NOT_SUPPORTED: "currency", NOT_WHOLE: "price"}


@contextmanager
def paid_in(market: Market, currency: str) -> Iterator[None]:
    """The market with another currency, for the time of a block."""
    before, market.app.state.currency = market.app.state.currency, currency
    yield
    market.app.state.currency = before


def refusal(response: Any) -> str:
    """The code of a refusal, which names the field that is wrong."""
    problem = response.json()
    assert response.status_code == 422, problem
    (error,) = problem["errors"]
    assert (error["field"], error["code"]) == (FIELDS[problem["code"]], problem["code"])
    return str(problem["code"])


class TestPosting:
    @pytest.mark.parametrize(
        ("price", "currency", "code"),
        [
            ("900.50", "JPY", NOT_WHOLE),
            (0.5, "KRW", NOT_WHOLE),
            ("900.01", "XAF", NOT_WHOLE),
            ("12.50", "BHD", NOT_SUPPORTED),
            ("12", "TND", NOT_SUPPORTED),
        ],
    )
    async def test_refuses_a_price_that_its_currency_does_not_have(
        self, market: Market, price: Any, currency: str, code: str
    ) -> None:
        owner = await make_user(market)
        draft = {"name": "Oven", "price": price, "currency": currency}
        async with recorded(market.app) as heard:
            assert refusal(await owner.post("/cleanings", draft)) == code
        assert heard == []

    @pytest.mark.parametrize(
        ("price", "currency", "shown"),
        [(900, "JPY", "900.00"), ("900.00", "ISK", "900.00"), (19.99, "HUF", "19.99")],
    )
    async def test_shows_all_amounts_with_two_places(
        self, market: Market, price: Any, currency: str, shown: str
    ) -> None:
        job = await make_cleaning(market, price=price, currency=currency)
        assert (job.data["price"], job.data["currency"]) == (shown, currency)

    async def test_is_in_the_currency_of_the_market_unless_another_is_given(
        self, market: Market
    ) -> None:
        assert (await make_cleaning(market)).data["currency"] == "EUR"
        with paid_in(market, "JPY"):
            job = await make_cleaning(market, price=900)
            assert job.data["currency"] == "JPY"
            draft = {"name": "Oven", "price": "900.50"}
            assert refusal(await job.owner.post("/cleanings", draft)) == NOT_WHOLE


class TestEditing:
    async def test_holds_price_and_currency_against_each_other(self, market: Market) -> None:
        job = await make_cleaning(market, price="49.90")
        assert refusal(await job.owner.patch(job.path, {"currency": "JPY"})) == NOT_WHOLE
        assert refusal(await job.owner.patch(job.path, {"currency": "OMR"})) == NOT_SUPPORTED
        both = {"price": 5000, "currency": "JPY"}
        edited = await job.owner.patch(job.path, both)
        assert (edited.json()["price"], edited.json()["currency"]) == ("5000.00", "JPY")
        assert refusal(await job.owner.patch(job.path, {"price": "5000.50"})) == NOT_WHOLE
        assert (await job.owner.patch(job.path, {"price": "49.90", "currency": "EUR"})).is_success

    @pytest.mark.parametrize("currency", ["JPY", "KWD"])
    async def test_leaves_a_price_that_stands_alone(self, market: Market, currency: str) -> None:
        offer = await make_offer(market)
        for table in ("cleanings", "offers"):
            await market.app.state.database.fetch(
                f"UPDATE {table} SET price = 19.99, currency = $1",  # noqa: S608 (our own)
                [currency],
            )
        owner, path = offer.owner, offer.job.path
        same = {"price": "19.99", "currency": currency, "name": "Window"}
        assert (await owner.patch(path, same)).is_success
        rival = await make_offer(market, offer.job)
        assert (rival.data["price"], rival.data["currency"]) == ("19.99", currency)
        assert (await offer.cleaner.post(f"{offer.path}/renewal", {"price": "19.99"})).is_success
        assert (await offer.cleaner.patch(offer.path, {"price": 19.99})).is_success
        assert refusal(await offer.cleaner.patch(offer.path, {"price": 19.98})) in FIELDS
        assert refusal(await owner.patch(path, {"price": "19.98"})) in FIELDS
        assert (await owner.post(f"{offer.path}/acceptance")).is_success


class TestOffering:
    async def test_is_in_the_currency_of_the_job(self, market: Market) -> None:
        job = await make_cleaning(market, price=900, currency="JPY")
        cleaner = await make_user(market)
        path = f"{job.path}/offers"
        assert refusal(await cleaner.post(path, {"price": "899.50"})) == NOT_WHOLE
        offer = await cleaner.post(path, {"price": 899})
        assert (offer.json()["price"], offer.json()["currency"]) == ("899.00", "JPY")
        own = f"{path}/{offer.json()['id']}"
        assert refusal(await cleaner.patch(own, {"price": "0.5"})) == NOT_WHOLE
        assert (await cleaner.post(f"{own}/withdrawal")).is_success
        assert refusal(await cleaner.post(f"{own}/renewal", {"price": "0.5"})) == NOT_WHOLE


class TestBrowsing:
    @pytest.mark.parametrize(
        ("params", "found"),
        [
            ({}, ["Yen", "Franc", "Dear", "Cheap"]),
            ({"currency": "CHF"}, ["Franc"]),
            ({"currency": "KWD"}, []),
            ({"min_price": 20}, ["Dear"]),
            ({"min_price": 20, "currency": "JPY"}, ["Yen"]),
            ({"max_price": 20}, ["Cheap"]),
            ({"sort": "price"}, ["Cheap", "Dear"]),
            ({"sort": "-price"}, ["Dear", "Cheap"]),
            ({"sort": "price", "status": "any"}, ["Cheap", "Dear"]),
            ({"sort": "price", "currency": "CHF"}, ["Franc"]),
            ({"sort": "price", "currency": "CHF", "status": "any"}, ["Franc"]),
            ({"sort": "oldest", "currency": "JPY", "area": "old town"}, ["Yen"]),
            ({"q": "room"}, ["Yen", "Franc", "Dear", "Cheap"]),
            ({"q": "room", "currency": "CHF"}, ["Franc"]),
            ({"q": "room", "min_price": 20}, ["Dear"]),
            ({"q": "room", "sort": "price"}, ["Cheap", "Dear"]),
        ],
    )
    async def test_compares_prices_in_one_currency_only(
        self, market: Market, params: dict[str, Any], found: list[str]
    ) -> None:
        owner = await make_user(market)
        for name, price, currency in [
            ("Cheap", 10, "EUR"),
            ("Dear", 30, "EUR"),
            ("Franc", 20, "CHF"),
            ("Yen", 900, "JPY"),
        ]:
            terms = {"price": price, "currency": currency, "area": "Old Town"}
            await make_cleaning(market, owner, name=name, description="A room", **terms)
        assert await names(owner, **params) == found
        assert await names(owner, limit=1, **params) == found

    async def test_means_the_currency_of_the_market(self, market: Market) -> None:
        job = await make_cleaning(market, name="Franc", currency="CHF")
        await make_cleaning(market, job.owner, name="Euro", currency="EUR")
        with paid_in(market, "CHF"):
            assert await names(job.owner, min_price=1) == ["Franc"]
            assert await names(job.owner, sort="price") == ["Franc"]
