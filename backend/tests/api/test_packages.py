"""Packages: drafting, editing, publishing, pausing and archiving them, and their stock."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.package_terms import MOST_IN_STOCK
from app.db.models.packages import MOST_PER_SELLER
from tests.factories.packages import (
    TERMS,
    MadePackage,
    make_draft,
    make_package,
    package_names,
)
from tests.factories.users import Market, make_user


async def events(market: Market) -> list[tuple[str, dict[str, Any]]]:
    """The events of packages, oldest first."""
    rows = await market.app.state.database.fetch(
        "SELECT kind, payload FROM events WHERE subject = 'package' ORDER BY id", ()
    )
    return [(row["kind"], row["payload"]) for row in rows]


class TestDrafting:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post("/packages", json=TERMS)).status_code == 401

    async def test_answers_with_the_package(self, market: Market) -> None:
        package = await make_draft(market, stock=3, **TERMS)
        data, seller = package.data, package.seller
        assert TERMS.items() <= data.items()
        assert (data["status"], data["revision"]) == ("draft", 1)
        assert (data["stock"], data["offered"], data["hidden"]) == (3, 3, False)
        assert data["seller_id"] == data["cleaner"]["id"] == str(seller.id)
        assert data["cleaner"]["rating"] == {"average": None, "total": 0}
        read = await seller.get(package.path)
        assert read.json() == data
        assert read.headers["ETag"] == package.etag == '"1"'

    async def test_takes_the_currency_of_the_market_and_any_number_unless_told(
        self, market: Market
    ) -> None:
        data = (await make_draft(market)).data
        assert (data["currency"], data["stock"], data["offered"]) == ("EUR", None, None)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"price": 0}, "price"),
            ({"price": None}, "price"),
            ({"name": " "}, "name"),
            ({"duration": 0}, "duration"),
            ({"stock": -1}, "stock"),
            ({"stock": MOST_IN_STOCK + 1}, "stock"),
            ({"stock": 1.5}, "stock"),
            ({"currency": "JPY", "price": "1.50"}, "price"),
            ({"currency": "KWD"}, "currency"),
            ({"category": None}, "category"),
            ({"category": "attics"}, "category"),  # there is none
        ],
    )
    async def test_refuses(self, market: Market, wrong: dict[str, Any], field: str) -> None:
        seller = await make_user(market)
        response = await seller.post("/packages", TERMS | wrong)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]

    async def test_has_a_limit_that_leaves_out_archived_packages(self, market: Market) -> None:
        first = await make_draft(market)
        await market.app.state.database.fetch(
            "INSERT INTO packages SELECT (jsonb_populate_record(it, "
            "jsonb_build_object('id', gen_random_uuid()))).* "
            "FROM packages it, generate_series(2, $1)",
            [MOST_PER_SELLER],
        )
        response = await first.seller.post("/packages", TERMS)
        assert (response.status_code, response.json()["code"]) == (409, "too_many_packages")
        assert (await first.seller.post(f"{first.path}/archival")).status_code == 200
        assert (await first.seller.post("/packages", TERMS)).status_code == 201
        await make_draft(market)  # others have their own limit


class TestEditing:
    async def test_makes_a_new_revision_and_keeps_the_former(self, market: Market) -> None:
        package = await make_package(market, **TERMS)
        changes = {"price": "75.00", "description": None}
        response = await package.seller.patch(package.path, changes)
        data = response.json()
        assert response.status_code == 200
        assert (data["revision"], data["status"]) == (2, "published")
        assert (data["price"], data["description"]) == ("75.00", None)
        (revision,) = await (await make_user(market)).items(f"{package.path}/revisions")
        assert revision["revision"] == 1
        assert revision["terms"] == TERMS
        assert revision["edited_by"]["id"] == str(package.seller.id)

    async def test_without_a_change_leaves_no_trace(self, market: Market) -> None:
        package = await make_package(market, **TERMS)
        before = await events(market)
        response = await package.seller.patch(package.path, TERMS)
        assert (response.json(), response.headers["ETag"]) == (package.data, package.etag)
        assert await events(market) == before
        assert await package.seller.items(f"{package.path}/revisions") == []

    async def test_is_for_the_seller(self, market: Market) -> None:
        package, stranger = await make_package(market), await make_user(market)
        response = await stranger.patch(package.path, {"price": "1.00"})
        assert (response.status_code, response.json()["code"]) == (403, "not_seller")

    async def test_knows_no_stock(self, market: Market) -> None:
        package = await make_draft(market, stock=1)
        response = await package.seller.patch(package.path, {"stock": 5})
        assert response.status_code == 422

    async def test_takes_no_price_that_its_currency_does_not_allow(self, market: Market) -> None:
        package = await make_draft(market, price="1.50")
        response = await package.seller.patch(package.path, {"currency": "JPY"})
        assert (response.status_code, response.json()["code"]) == (422, "price_not_whole")


class TestStates:
    async def test_come_one_after_the_other_with_an_event_each(self, market: Market) -> None:
        package = await make_draft(market, stock=2)
        seller = package.seller
        for step, status in (
            ("publication", "published"),
            ("pause", "paused"),
            ("publication", "published"),
            ("archival", "archived"),
        ):
            response = await seller.post(f"{package.path}/{step}")
            assert (response.status_code, response.json()["status"]) == (200, status)
        assert await events(market) == [
            ("created", {"by": 2}),
            ("published", {}),
            ("paused", {}),
            ("published", {}),
            ("archived", {}),
        ]

    async def test_say_what_is_allowed(self, market: Market) -> None:
        package = await make_draft(market)
        problem = (await package.seller.post(f"{package.path}/pause")).json()
        assert problem["code"] == "package_not_published"
        assert (problem["state"], problem["allowed"]) == ("draft", ["published"])

    @pytest.mark.parametrize("step", [None, "pause", "archival"])
    async def test_other_than_published_are_shown_to_the_seller_only(
        self, market: Market, step: str | None
    ) -> None:
        package = await (make_package if step else make_draft)(market)
        seller, stranger = package.seller, await make_user(market)
        if step:
            await seller.post(f"{package.path}/{step}")
        for path in (package.path, f"{package.path}/revisions"):
            assert (await seller.get(path)).status_code == 200
            response = await stranger.get(path)
            assert (response.status_code, response.json()["code"]) == (404, "package_not_found")
        assert await package_names(stranger, status="any") == []
        assert await package_names(seller, status="any") == []
        assert await package_names(seller, status="any", cleaner="me") == ["Oven"]


class TestStock:
    async def change(self, package: MadePackage, by: Any) -> tuple[int, Any]:
        response = await package.seller.post(f"{package.path}/stock", {"by": by})
        if response.is_success:
            assert response.headers["ETag"] == package.etag
            data = response.json()
            assert (data["revision"], data["updated_at"]) == (1, package.data["updated_at"])
            return data["stock"], data["offered"]
        return response.status_code, response.json().get("code")

    async def test_grows_and_shrinks_but_leaves_the_terms_and_the_version(
        self, market: Market
    ) -> None:
        package = await make_package(market, stock=3)
        assert await self.change(package, 5) == (8, 8)
        assert await self.change(package, -8) == (0, 0)
        assert await self.change(package, 0) == (0, 0)
        assert await events(market) == [
            ("created", {"by": 3}),
            ("published", {}),
            ("stocked", {"by": 5}),
            ("stocked", {"by": -8}),
        ]

    async def test_has_limits(self, market: Market) -> None:
        package = await make_package(market, stock=3)
        assert await self.change(package, -4) == (409, "stock_out_of_range")
        assert await self.change(package, MOST_IN_STOCK - 2) == (409, "stock_out_of_range")
        assert await self.change(package, MOST_IN_STOCK - 3) == (MOST_IN_STOCK, MOST_IN_STOCK)

    @pytest.mark.parametrize("by", [None, "1", 1.5, True, MOST_IN_STOCK + 1, -MOST_IN_STOCK - 1])
    async def test_changes_by_whole_numbers(self, market: Market, by: Any) -> None:
        package = await make_package(market, stock=3)
        assert (await self.change(package, by))[0] == 422

    async def test_of_any_number_does_not_change(self, market: Market) -> None:
        assert await self.change(await make_package(market), 1) == (409, "stock_unlimited")

    async def test_is_shown_to_all_but_what_was_offered_to_the_seller(self, market: Market) -> None:
        package, stranger = await make_package(market, stock=3), await make_user(market)
        seen = (await stranger.get(package.path)).json()
        assert (seen["stock"], seen["offered"]) == (3, None)
        (item,) = await stranger.items("/packages")
        assert item == {name: seen[name] for name in seen.keys() - {"offered", "hidden", "photos"}}
