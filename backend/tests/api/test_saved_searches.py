"""Saved searches: keeping them."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.saved_searches import MOST_PER_ACCOUNT
from tests.factories.categories import make_category
from tests.factories.saved_searches import PATH, save_search
from tests.factories.users import Market, make_user
from tests.invariants import assert_invariants
from tests.races import race


class TestSaving:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post(PATH, json={"q": "ovens"})).status_code == 401

    async def test_shows_the_filters(self, market: Market) -> None:
        search = await save_search(market, area="Old Town", min_price=12.5, name="Near me")
        assert (
            (await search.user.get(search.path)).json()
            == search.data
            == {
                "id": search.data["id"],
                "name": "Near me",
                **dict.fromkeys(("q", "language", "category", "cleaning_type", "max_price")),
                "area": "Old Town",
                "currency": "EUR",
                "min_price": "12.50",
                "starts_after": None,
                "starts_before": None,
                "created_at": search.data["created_at"],
            }
        )

    @pytest.mark.parametrize(
        "draft",
        [
            {},
            {"min_price": "10", "cleaning_type": "full_clean", "language": "en"},
            {"q": "-oven"},
            {"q": "oven or -floor"},
            {"q": "oven or the"},
            {"q": "the and of"},
            {"q": "the and of", "area": "Old Town"},
            {"category": "no-such-thing"},
        ],
    )
    async def test_refuses_what_no_index_finds(self, market: Market, draft: dict[str, Any]) -> None:
        response = await (await make_user(market)).post(PATH, draft)
        assert response.status_code == 422

    async def test_is_limited(self, market: Market) -> None:
        user = await make_user(market)
        for _ in range(MOST_PER_ACCOUNT):
            await save_search(market, user)
        response = await user.post(PATH, {"q": "ovens"})
        assert (response.status_code, response.json()["code"]) == (409, "too_many_saved_searches")

    @pytest.mark.committed
    async def test_is_limited_exactly_at_once(self, market: Market) -> None:
        user = await make_user(market)
        for _ in range(MOST_PER_ACCOUNT - 2):
            await save_search(market, user)
        responses = await race(0, *(user.post(PATH, {"q": "ovens"}) for _ in range(5)))
        assert sorted(it.status_code for it in responses) == [201, 201, 409, 409, 409]
        await assert_invariants(market.app)


class TestReading:
    async def test_shows_own_searches_newest_first(self, market: Market) -> None:
        first = await save_search(market)
        second = await save_search(market, first.user, area="Leith")
        other = await save_search(market)
        listed = await first.user.items(PATH, limit=1)
        assert [it["id"] for it in listed] == [second.data["id"], first.data["id"]]
        assert (await other.user.get(first.path)).status_code == 404


class TestEditing:
    async def test_removes_a_filter(self, market: Market) -> None:
        search = await save_search(market, q="ovens", area="Leith")
        response = await search.user.patch(search.path, {"q": None})
        assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
        assert (response.json()["q"], response.json()["area"]) == (None, "Leith")
        await assert_invariants(market.app)

    @pytest.mark.parametrize(
        ("named", "currency"),
        [({}, None), ({"currency": "EUR"}, "EUR"), ({"currency": None}, None)],
    )
    async def test_removes_the_currency_with_the_prices(
        self, market: Market, named: dict[str, str | None], currency: str | None
    ) -> None:
        search = await save_search(market, area="Leith", min_price="10", max_price="20")
        response = await search.user.patch(search.path, {"min_price": None})
        assert response.json()["currency"] == "EUR"
        response = await search.user.patch(search.path, {"max_price": None, **named})
        assert response.json()["currency"] == currency

    async def test_adds_words(self, market: Market) -> None:
        saved = await save_search(market, area="Leith")
        response = await saved.user.patch(saved.path, {"q": "ovens", "area": None})
        assert response.status_code == 200, response.text
        assert (response.json()["q"], response.json()["area"]) == ("ovens", None)

    async def test_leaves_a_filter_that_an_index_finds(self, market: Market) -> None:
        search = await save_search(market, q="ovens", min_price="10")
        response = await search.user.patch(search.path, {"q": None})
        assert response.status_code == 422
        assert (await search.user.get(search.path)).json() == search.data

    async def test_of_an_earlier_version(self, market: Market) -> None:
        search = await save_search(market)
        headers = {"If-Match": '"1"'}
        statuses = [
            (await search.user.patch(search.path, {"name": name}, headers=headers)).status_code
            for name in ("Ovens", "Hoods")
        ]
        assert statuses == [200, 412]


class TestDeleting:
    async def test_makes_room_for_another(self, market: Market) -> None:
        search = await save_search(market)
        assert (await search.user.delete(search.path)).status_code == 204
        assert (await search.user.delete(search.path)).status_code == 404
        assert await search.user.items(PATH) == []

    async def test_of_a_category_deletes_those_that_search_in_it(self, market: Market) -> None:
        staff = await make_user(market, role="superuser")
        category = await make_category(market, staff)
        search = await save_search(market, category=category["slug"])
        response = await staff.delete(f"/admin/categories/{category['slug']}")
        assert response.status_code == 204, response.text
        assert await search.user.items(PATH) == []
