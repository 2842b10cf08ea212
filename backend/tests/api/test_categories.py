"""Categories: the tree, and the jobs in it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.factories.bookings import make_booking
from tests.factories.categories import add_up, make_category, make_chain, tree
from tests.factories.cleanings import make_cleaning
from tests.factories.extras import bring_extra
from tests.factories.offers import make_offer
from tests.factories.saved_searches import save_search
from tests.factories.users import Actor, Market, make_user
from tests.locks import held

CHAIN = ("home", "windows", "skylights", "domes")


async def make_staff(market: Market) -> Actor:
    """Staff."""
    return await make_user(market, role=UserRole.STAFF)


def refused(response: Any) -> tuple[int, str]:
    """The status and the code of an error."""
    return response.status_code, response.json()["code"]


class TestTheTree:
    async def test_is_empty_at_first(self, client: AsyncClient) -> None:
        assert (await client.get("/categories")).json() == {"items": []}

    async def test_has_each_category_before_those_beneath_it(self, market: Market) -> None:
        await make_chain(market, "office", "desks")
        await make_chain(market, *CHAIN)
        await make_category(market, slug="ovens", parent="home", position=1)
        shown = await tree(market)
        assert list(shown) == ["office", "desks", "home", "ovens", *CHAIN[1:]]
        assert [category["tier"] for category in shown.values()] == [1, 2, 1, 2, 2, 3, 4]
        assert [category["position"] for category in shown.values()] == [1, 1, 2, 1, 2, 1, 1]
        assert shown["skylights"]["parent"] == "windows"

    async def test_has_names_by_language(self, market: Market) -> None:
        names = {"de": "Fenster", "pt-BR": "Janelas"}
        await make_category(market, slug="windows", name="Windows", names=names)
        shown = (await tree(market))["windows"]
        assert (shown["name"], shown["names"]) == ("Windows", names)


class TestMaking:
    async def test_says_where_it_is(self, market: Market) -> None:
        staff = await make_staff(market)
        draft = {"slug": "windows", "name": "Windows"}
        response = await staff.post("/admin/categories", draft)
        assert response.status_code == 201
        assert response.headers["Location"] == "/api/v1/admin/categories/windows"
        assert response.json() == (await tree(market))["windows"]

    async def test_a_second_time(self, market: Market) -> None:
        await make_category(market, slug="windows")
        response = await (await make_staff(market)).post(
            "/admin/categories", {"slug": "windows", "name": "Windows"}
        )
        assert refused(response) == (409, "category_taken")

    async def test_on_a_fifth_tier(self, market: Market) -> None:
        await make_chain(market, *CHAIN)
        draft = {"slug": "panes", "name": "Panes", "parent": "domes"}
        response = await (await make_staff(market)).post("/admin/categories", draft)
        assert refused(response) == (409, "category_too_deep")

    async def test_beneath_none(self, market: Market) -> None:
        draft = {"slug": "panes", "name": "Panes", "parent": "windows"}
        response = await (await make_staff(market)).post("/admin/categories", draft)
        assert refused(response) == (404, "category_not_found")

    async def test_more_than_there_can_be(self, market: Market) -> None:
        await market.app.state.database.fetch(
            "INSERT INTO categories (id, tier, slug, name, names, position, active, version, "
            "created_at, updated_at) SELECT gen_random_uuid(), 1, 'service-of-' || n, '', '{}', n, "
            "true, 1, now(), now() FROM generate_series(1, 500) n",
            (),
        )
        draft = {"slug": "windows", "name": "Windows"}
        response = await (await make_staff(market)).post("/admin/categories", draft)
        assert refused(response) == (409, "too_many_categories")

    @pytest.mark.parametrize("slug", ["", "Windows", "a b", "-a", "a--b", "ä", "a" * 61])
    async def test_with_a_slug_that_is_none(self, market: Market, slug: str) -> None:
        draft = {"slug": slug, "name": "Windows"}
        response = await (await make_staff(market)).post("/admin/categories", draft)
        assert response.status_code == 422

    @pytest.mark.parametrize("names", [{"German": "Fenster"}, {"de": ""}, {"de": None}])
    async def test_with_names_that_are_none(self, market: Market, names: dict[str, Any]) -> None:
        draft = {"slug": "windows", "name": "Windows", "names": names}
        response = await (await make_staff(market)).post("/admin/categories", draft)
        assert response.status_code == 422


class TestChanging:
    async def test_names_changes_the_languages_that_are_given(self, market: Market) -> None:
        names = {"de": "Fenster", "fr": "Vitres"}
        await make_category(market, slug="windows", name="Windows", names=names)
        response = await (await make_staff(market)).patch(
            "/admin/categories/windows", {"names": {"fr": None, "es": "Ventanas"}}
        )
        assert response.json()["name"] == "Windows"
        assert response.json()["names"] == {"de": "Fenster", "es": "Ventanas"}

    async def test_names_of_too_many_languages(self, market: Market) -> None:
        names = {f"de-{region}": "Fenster" for region in range(100, 150)}
        await make_category(market, slug="windows", names=names)
        response = await (await make_staff(market)).patch(
            "/admin/categories/windows", {"names": {"fr": "Vitres"}}
        )
        assert response.status_code == 422

    async def test_the_parent_moves_all_beneath_it(self, market: Market) -> None:
        await make_chain(market, "home", "windows", "skylights")
        await make_category(market, slug="office")
        staff = await make_staff(market)
        response = await staff.patch("/admin/categories/windows", {"parent": None})
        assert (response.json()["tier"], response.json()["position"]) == (1, 3)
        assert list(await tree(market)) == ["home", "office", "windows", "skylights"]
        assert (await tree(market))["skylights"]["tier"] == 2
        await staff.patch("/admin/categories/windows", {"parent": "office"})
        assert list(await tree(market)) == ["home", "office", "windows", "skylights"]
        assert (await tree(market))["skylights"]["tier"] == 3

    @pytest.mark.parametrize("parent", ["windows", "skylights"])
    async def test_the_parent_to_one_beneath_it(self, market: Market, parent: str) -> None:
        await make_chain(market, "home", "windows", "skylights")
        response = await (await make_staff(market)).patch(
            "/admin/categories/windows", {"parent": parent}
        )
        assert refused(response) == (409, "category_in_circle")

    async def test_the_parent_would_make_a_fifth_tier(self, market: Market) -> None:
        await make_chain(market, *CHAIN)
        await make_category(market, slug="office")
        response = await (await make_staff(market)).patch(
            "/admin/categories/home", {"parent": "office"}
        )
        assert refused(response) == (409, "category_too_deep")

    async def test_the_position_numbers_the_siblings_anew(self, market: Market) -> None:
        for slug in ("home", "office", "windows"):
            await make_category(market, slug=slug)
        staff = await make_staff(market)
        await staff.patch("/admin/categories/windows", {"position": 1})
        assert list(await tree(market)) == ["windows", "home", "office"]
        await staff.patch("/admin/categories/windows", {"position": 500})
        shown = await tree(market)
        assert list(shown) == ["home", "office", "windows"]
        assert [category["position"] for category in shown.values()] == [1, 2, 3]

    async def test_one_that_there_is_not(self, market: Market) -> None:
        response = await (await make_staff(market)).patch("/admin/categories/windows", {})
        assert refused(response) == (404, "category_not_found")


class TestDeactivating:
    async def test_refuses_new_jobs_only(self, market: Market) -> None:
        await make_category(market, slug="windows")
        job = await make_cleaning(market, category="windows")
        staff = await make_staff(market)
        path = "/admin/categories/windows/deactivation"
        assert (await staff.post(path)).json()["active"] is False
        draft = {"name": "Panes", "price": "50.00", "category": "windows"}
        response = await job.owner.post("/cleanings", draft)
        assert refused(response) == (422, "category_not_offered")
        edited = await job.owner.patch(job.path, {"name": "Panes", "category": "windows"})
        assert edited.json()["category"] == "windows"
        assert (await staff.delete(path)).json()["active"] is True
        assert (await job.owner.post("/cleanings", draft)).status_code == 201

    async def test_refuses_jobs_of_another_category(self, market: Market) -> None:
        await make_category(market, slug="windows")
        job = await make_cleaning(market)
        await (await make_staff(market)).post("/admin/categories/windows/deactivation")
        response = await job.owner.patch(job.path, {"category": "windows"})
        assert refused(response) == (422, "category_not_offered")
        assert (await job.owner.get(job.path)).json() == job.data


class TestDeleting:
    async def test_one_that_was_never_used(self, market: Market) -> None:
        for slug in ("home", "office"):
            await make_category(market, slug=slug)
        response = await (await make_staff(market)).delete("/admin/categories/home")
        assert response.status_code == 204
        assert [it["position"] for it in (await tree(market)).values()] == [1]

    async def test_one_with_others_beneath_it(self, market: Market) -> None:
        await make_chain(market, "home", "windows")
        response = await (await make_staff(market)).delete("/admin/categories/home")
        assert refused(response) == (409, "category_used")

    @pytest.mark.parametrize("counted", [False, True])
    async def test_one_that_a_job_had(self, market: Market, *, counted: bool) -> None:
        await make_category(market, slug="windows")
        job = await make_cleaning(market, category="windows")
        await job.owner.patch(job.path, {"category": None})
        if counted:
            await add_up(market)
        response = await (await make_staff(market)).delete("/admin/categories/windows")
        assert refused(response) == (409, "category_used")

    @pytest.mark.committed
    async def test_is_noticed_by_all_that_is_to_get_the_category(self, market: Market) -> None:
        category = await make_category(market, slug="windows")
        await bring_extra(market, "windows")
        job, edited, search = (
            await make_cleaning(market),
            await make_cleaning(market),
            await save_search(market),
        )
        given = {"category": "windows"}
        terms = {"name": "Panes", "price": "50.00", **given}
        requests = [
            job.owner.post("/cleanings", terms),
            job.owner.patch(job.path, given),
            edited.owner.post("/cleanings", {**terms, "extras": ["oven"]}),
            edited.owner.patch(edited.path, {**given, "extras": ["oven"]}),
            (await make_user(market)).post("/packages", {**terms, "duration": 60}),
            (await make_user(market)).post("/saved-searches", given),
            search.user.patch(search.path, given),
        ]
        of_category = "SELECT FROM categories WHERE id = $1"
        key = UUID(category["id"])
        async with held(market, of_category, key, waiting=len(requests)) as transaction:
            waiting = [asyncio.create_task(request) for request in requests]
            await transaction.fetch("DELETE FROM extras WHERE category = 'windows'", [])
            await transaction.fetch("DELETE FROM categories WHERE id = $1", [key])
        for response in await asyncio.gather(*waiting):
            assert refused(response) == (422, "category_not_offered")


class TestTheAudit:
    async def test_has_each_act(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_category(market, staff, slug="windows")
        path = "/admin/categories/windows"
        await staff.patch(path, {"name": "Panes", "position": 1})
        await staff.post(f"{path}/deactivation")
        await staff.delete(f"{path}/deactivation")
        await staff.delete(path)
        entries = await staff.items(f"/admin/audit?actor_id={staff.id}")
        assert [entry["action"] for entry in reversed(entries)] == [
            "category_made",
            "category_changed",
            "category_deactivated",
            "category_reactivated",
            "category_deleted",
        ]
        assert entries[3]["details"] == {"category": "windows", "changed": "name position"}


class TestTheCategoryOfAJob:
    async def test_is_part_of_its_terms(self, market: Market) -> None:
        for slug in ("windows", "ovens"):
            await make_category(market, slug=slug)
        job = await make_cleaning(market, category="windows")
        assert job.data["category"] == "windows"
        edited = await job.owner.patch(job.path, {"category": "ovens"})
        assert edited.json()["category"] == "ovens"
        (revision,) = await job.owner.items(f"{job.path}/revisions")
        assert revision["terms"]["category"] == "windows"
        booking = await make_booking(market, await make_offer(market, job))
        assert booking.data["terms"]["category"] == "ovens"

    async def test_that_there_is_not(self, market: Market) -> None:
        owner = await make_user(market)
        draft = {"name": "Panes", "price": "50.00", "category": "windows"}
        response = await owner.post("/cleanings", draft)
        assert refused(response) == (422, "category_not_offered")
        assert [error["field"] for error in response.json()["errors"]] == ["category"]

    async def test_is_null_in_terms_of_before(self, market: Market) -> None:
        job = await make_cleaning(market)
        booking = await make_booking(market, await make_offer(market, job))
        for table in ("cleaning_revisions", "bookings"):
            await market.app.state.database.fetch(
                f"UPDATE {table} SET terms = terms - 'category'",  # noqa: S608
                (),
            )
        shown = (await booking.owner.get(booking.path)).json()
        assert shown["terms"]["category"] is None
