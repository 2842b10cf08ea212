"""Packages: browsed with filters, in orders and by pages, and searched."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.factories.packages import make_draft, make_package, package_names
from tests.factories.users import Actor, Market, block, make_user


async def offer_five(market: Market, seller: Actor) -> None:
    """Publishes A to E, two of which have the same price."""
    for name, price in zip("ABCDE", (20, 10, 20, 30, 10), strict=True):
        await make_package(market, seller, name=name, price=price)


class TestBrowsing:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/packages")).status_code == 401

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, "DCBA"),
            ({"area": "OLD town"}, "DA"),
            ({"area": "old"}, ""),
            ({"min_price": 20}, "DC"),
            ({"max_price": 20}, "DA"),
            ({"min_price": 20, "max_price": 20}, "D"),
            ({"currency": "CHF"}, "B"),
            ({"currency": "CHF", "min_price": 5}, "B"),
            ({"q": "windows"}, "DB"),
            ({"q": "windows", "area": "old town"}, "D"),
            ({"q": "windows", "max_price": 25}, "D"),
            ({"category": "windows"}, "DCBA"),
            ({"category": "windows", "max_price": 20, "area": "old town"}, "DA"),
            ({"category": "attics"}, ""),
            ({"status": "any"}, "DCBA"),
            ({"status": "draft"}, ""),
            ({"status": "paused"}, ""),
        ],
    )
    async def test_by_filters(self, market: Market, filters: dict[str, Any], found: str) -> None:
        seller, customer = await make_user(market), await make_user(market)
        for terms in (
            {"name": "A", "price": 10, "area": "Old Town"},
            {"name": "B", "price": 10, "currency": "CHF", "description": "A window"},
            {"name": "C", "price": 30},
            {"name": "D", "price": 20, "area": "Old town", "description": "All windows"},
        ):
            await make_package(market, seller, **terms)
        await make_draft(market, seller, name="E", description="Windows", area="Old Town")
        paused = await make_package(market, seller, name="F", description="Windows", price=20)
        await seller.post(f"{paused.path}/pause")
        assert "".join(await package_names(customer, sort="newest", **filters)) == found

    async def test_by_cleaner(self, market: Market) -> None:
        anna = await make_user(market, username="Anna-Ark", email="anna@example.com")
        await make_package(market, anna, name="A")
        other = (await make_package(market, name="B")).seller
        for cleaner in ("Anna-Ark", "ANNA-ARK", str(anna.id)):
            assert await package_names(other, cleaner=cleaner) == ["A"]
            assert await package_names(other, cleaner=cleaner, q="a") == []  # a stop word
        assert await package_names(anna, cleaner="me") == ["A"]
        assert await package_names(other, cleaner="nobody") == []

    async def test_by_status_is_for_ones_own(self, market: Market) -> None:
        seller = await make_user(market)
        await make_draft(market, seller, name="Draft")
        for name, step in (("Published", None), ("Paused", "pause"), ("Archived", "archival")):
            package = await make_package(market, seller, name=name)
            if step:
                await seller.post(f"{package.path}/{step}")
        for status, found in (
            ("draft", ["Draft"]),
            ("published", ["Published"]),
            ("paused", ["Paused"]),
            ("archived", ["Archived"]),
            ("any", ["Archived", "Paused", "Published", "Draft"]),
        ):
            assert await package_names(seller, cleaner="me", status=status) == found
            by_price = await package_names(seller, cleaner="me", status=status, sort="price")
            assert sorted(by_price) == sorted(found)
            shown = ["Published"] if "Published" in found else []
            for filters in ({}, {"sort": "price"}, {"cleaner": seller.username}):
                for actor in (seller, await make_user(market, role=UserRole.STAFF)):
                    assert await package_names(actor, status=status, **filters) == shown

    async def test_leaves_out_what_the_blocked_sell(self, market: Market) -> None:
        package, customer = await make_package(market), await make_user(market)
        await block(market, package.seller)
        for filters in ({}, {"sort": "price"}, {"q": "oven"}, {"q": "oven", "sort": "newest"}):
            assert await package_names(customer, **filters) == []


class TestPages:
    @pytest.mark.parametrize(
        ("sort", "found"),
        [("newest", "EDCBA"), ("oldest", "ABCDE"), ("price", "BEACD"), ("-price", "DCAEB")],
    )
    @pytest.mark.parametrize("limit", [1, 2, 5])
    async def test_together_are_the_whole_list(
        self, market: Market, sort: str, found: str, limit: int
    ) -> None:
        seller = await make_user(market)
        await offer_five(market, seller)
        assert "".join(await package_names(seller, sort=sort, limit=limit)) == found
        own = {"cleaner": "me", "status": "any"}
        assert "".join(await package_names(seller, sort=sort, limit=limit, **own)) == found

    async def test_of_a_search_are_in_order_of_rank(self, market: Market) -> None:
        seller = await make_user(market)
        for times in (1, 3, 2):
            await make_package(market, seller, name="Windows", description="oven " * times)
        found = await seller.items("/packages", q="ovens", limit=1)
        assert [item["description"].count("oven") for item in found] == [3, 2, 1]

    async def test_find_the_present_words(self, market: Market) -> None:
        package = await make_package(market, name="Oven")
        await package.seller.patch(package.path, {"name": "Windows"})
        assert await package_names(package.seller, q="oven") == []
        assert await package_names(package.seller, q="window") == ["Windows"]


class TestLanguages:
    async def test_are_those_of_the_market_unless_told(self, market: Market) -> None:
        package = await make_package(market, name="Küche putzen")
        assert package.data["language"] == "en"
        response = await package.seller.patch(package.path, {"language": "de"})
        assert (response.json()["language"], response.json()["revision"]) == ("de", 1)

    async def test_decide_by_which_rules_words_are_found(self, market: Market) -> None:
        package = await make_package(market, name="Alle Küchen putzen", language="de")
        seller = package.seller
        assert await package_names(seller, q="kuche", language="de") == ["Alle Küchen putzen"]
        assert await package_names(seller, language="en") == []
        assert await package_names(seller, language="de", sort="price") == ["Alle Küchen putzen"]

    async def test_of_a_search_that_finds_nothing_have_a_hint(self, market: Market) -> None:
        seller = (await make_package(market)).seller
        for q, hint in (("oven", None), ("attic", "nothing_found"), ("the", "only_stop_words")):
            page = (await seller.get("/packages", params={"q": q})).json()
            assert (bool(page["items"]), page["hint"]) == (hint is None, hint)
