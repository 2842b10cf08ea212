"""Extras: what categories bring, and what jobs pick of it."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.factories.categories import category_slug
from tests.factories.cleanings import make_cleaning
from tests.factories.extras import bring_extra
from tests.factories.users import Market, block, make_user

OVEN = {
    "slug": "oven",
    "name": "Inside the oven",
    "price": "15.00",
    "currency": "EUR",
    "minutes": 30,
}
"""A job's copy of the extra that `bring_extra` makes."""


async def make_home(market: Market) -> str:
    """A category beneath one with the extras `oven` and `fridge`."""
    home = await category_slug(market)
    await bring_extra(market, home)
    await bring_extra(market, home, "fridge", position=2, name="Inside the fridge", names={})
    return await category_slug(market, parent=home)


class TestPicking:
    async def test_copies_what_the_category_suggests(self, market: Market) -> None:
        category = await make_home(market)
        job = await make_cleaning(market, category=category, extras=["fridge", "oven"])
        assert job.data["extras"] == [{**OVEN, "slug": "fridge", "name": "Inside the fridge"}, OVEN]
        assert (await job.owner.get(job.path)).json()["extras"] == job.data["extras"]
        (listed,) = await job.owner.items("/cleanings")
        assert listed["extras"] == job.data["extras"]

    async def test_is_in_the_language_of_the_job(self, market: Market) -> None:
        category = await make_home(market)
        extras = ["oven", "fridge"]
        job = await make_cleaning(market, language="de", category=category, extras=extras)
        names = [extra["name"] for extra in job.data["extras"]]
        assert names == ["Backofen innen", "Inside the fridge"]

    async def test_is_none_by_default(self, market: Market) -> None:
        assert (await make_cleaning(market)).data["extras"] == []

    async def test_takes_the_nearest_of_several_with_one_slug(self, market: Market) -> None:
        category = await make_home(market)
        await bring_extra(market, category, price=None, currency=None, minutes=60)
        job = await make_cleaning(market, category=category, extras=["oven"])
        assert job.data["extras"] == [{**OVEN, "price": None, "currency": None, "minutes": 60}]

    async def test_of_what_the_category_does_not_bring(self, market: Market) -> None:
        await bring_extra(market, await category_slug(market), "ironing")
        user, category = await make_user(market), await make_home(market)
        for terms, missing in (({"category": category}, "ironing"), ({}, "oven, ironing")):
            draft = {"name": "Windows", "price": "50.00", "extras": ["oven", "ironing"], **terms}
            response = await user.post("/cleanings", draft)
            assert (response.status_code, response.json()["code"]) == (422, "unknown_extra")
            assert response.json()["detail"].endswith(f" {missing}.")

    @pytest.mark.parametrize(
        "extras",
        [["oven", "oven"], [f"extra-{number}" for number in range(21)], ["Oven"], [1], [{}], None],
    )
    async def test_refuses_lists_that_are_none(self, market: Market, extras: Any) -> None:
        user = await make_user(market)
        draft = {"name": "Windows", "price": "50.00", "extras": extras}
        response = await user.post("/cleanings", draft)
        assert (response.status_code, response.json()["code"]) == (422, "invalid")

    async def test_of_a_category_that_is_not_offered(self, market: Market) -> None:
        user = await make_user(market)
        draft = {"name": "Windows", "price": "50.00", "category": "no-such", "extras": ["oven"]}
        response = await user.post("/cleanings", draft)
        assert (response.status_code, response.json()["code"]) == (422, "category_not_offered")

    async def test_needs_a_live_session(self, market: Market) -> None:
        user, category = await make_user(market), await make_home(market)
        await block(market, user)
        draft = {"name": "Oven", "price": "50.00", "category": category, "extras": ["oven"]}
        assert (await user.post("/cleanings", draft)).status_code == 401


class TestEditing:
    async def test_keeps_what_was_copied(self, market: Market) -> None:
        category = await make_home(market)
        job = await make_cleaning(market, category=category, extras=["oven"])
        staff = await make_user(market, role=UserRole.STAFF)
        path = f"/admin/categories/{category}/extras/oven"
        assert (await staff.put(path, {"name": "Oven", "price": "99"})).status_code == 200
        edited = await job.owner.patch(job.path, {"extras": ["fridge", "oven"]})
        assert edited.json()["extras"][1] == OVEN
        back = await job.owner.patch(job.path, {"extras": edited.json()["extras"]})
        assert back.headers["ETag"] == edited.headers["ETag"]

    async def test_is_an_edit_of_the_terms(self, market: Market) -> None:
        category = await make_home(market)
        job = await make_cleaning(market, category=category, extras=["oven"])
        response = await job.owner.patch(job.path, {"extras": []})
        assert response.json()["extras"] == []
        (revision,) = await job.owner.items(f"{job.path}/revisions")
        assert revision["terms"]["category"] == category
        assert revision["terms"]["extras"] == [OVEN]

    async def test_of_the_category_needs_extras_of_the_new_one(self, market: Market) -> None:
        category, other = await make_home(market), await category_slug(market)
        job = await make_cleaning(market, category=category, extras=["oven"])
        for changes in ({"category": other}, {"category": None}):
            response = await job.owner.patch(job.path, changes)
            assert (response.status_code, response.json()["code"]) == (422, "unknown_extra")
        await bring_extra(market, other, price=None, currency=None)
        response = await job.owner.patch(job.path, {"category": other})
        assert response.json()["extras"] == [{**OVEN, "price": None, "currency": None}]
        response = await job.owner.patch(job.path, {"category": None, "extras": []})
        assert (response.json()["category"], response.json()["extras"]) == (None, [])


class TestReadingACategory:
    async def test_needs_no_login(self, market: Market, client: AsyncClient) -> None:
        category = await category_slug(market)
        response = await client.get(f"/categories/{category}")
        assert response.status_code == 200
        assert (response.json()["extras"], response.json()["checklist"]) == ([], [])

    async def test_shows_what_it_inherits_first(self, market: Market, client: AsyncClient) -> None:
        category = await make_home(market)
        await bring_extra(market, category, "ironing")
        await bring_extra(market, category, "fridge", position=2)
        await bring_extra(market, await category_slug(market), "desks")
        extras = (await client.get(f"/categories/{category}")).json()["extras"]
        home = extras[0]["category"]
        assert [(extra["slug"], extra["category"]) for extra in extras] == [
            ("oven", home),
            ("ironing", category),
            ("fridge", category),
        ]
        assert extras[0] == {**OVEN, "category": home, "names": {"de": "Backofen innen"}}

    async def test_that_does_not_exist(self, client: AsyncClient) -> None:
        response = await client.get("/categories/no-such")
        assert (response.status_code, response.json()["code"]) == (404, "category_not_found")


class TestSetting:
    async def test_adds_and_replaces(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await category_slug(market)
        path = f"/admin/categories/{category}/extras"
        for slug in ("oven", "fridge"):
            response = await staff.put(f"{path}/{slug}", {"name": slug, "price": "12"})
            assert response.status_code == 200, response.text
        draft = {"name": "Ironing", "names": {"fr": "Repassage"}, "minutes": 60, "position": 1}
        extras = (await staff.put(f"{path}/ironing", draft)).json()["extras"]
        assert [(extra["slug"], extra["price"], extra["currency"]) for extra in extras] == [
            ("ironing", None, None),
            ("oven", "12.00", "EUR"),
            ("fridge", "12.00", "EUR"),
        ]
        extras = (await staff.put(f"{path}/ironing", {"name": "Pressing"})).json()["extras"]
        assert (extras[0]["name"], extras[0]["names"], extras[0]["minutes"]) == (
            "Pressing",
            {},
            None,
        )
        extras = (await staff.put(f"{path}/ironing", {"name": "I", "position": 3})).json()["extras"]
        assert [extra["slug"] for extra in extras] == ["oven", "fridge", "ironing"]

    @pytest.mark.parametrize(
        ("draft", "code"),
        [
            ({"price": "1.50", "currency": "JPY"}, "price_not_whole"),
            ({"price": "1", "currency": "KWD"}, "currency_not_supported"),
            ({"currency": "EUR"}, "invalid"),
            ({"name": ""}, "invalid"),
            ({"slug": "fridge"}, "invalid"),
            ({"position": 51}, "invalid"),
        ],
    )
    async def test_refuses(self, market: Market, draft: dict[str, Any], code: str) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await category_slug(market)
        path = f"/admin/categories/{category}/extras/oven"
        response = await staff.put(path, {"name": "Oven", **draft})
        assert (response.status_code, response.json()["code"]) == (422, code)

    async def test_has_a_bound(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await category_slug(market)
        for number in range(1, 51):
            await bring_extra(market, category, f"extra-{number}", position=number)
        path = f"/admin/categories/{category}/extras"
        response = await staff.put(f"{path}/oven", {"name": "Oven"})
        assert (response.status_code, response.json()["code"]) == (409, "too_many_extras")
        assert (await staff.put(f"{path}/extra-50", {"name": "Oven"})).status_code == 200

    async def test_of_no_category(self, market: Market) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        response = await staff.put("/admin/categories/no-such/extras/oven", {"name": "Oven"})
        assert (response.status_code, response.json()["code"]) == (404, "category_not_found")

    async def test_is_in_the_audit(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await category_slug(market)
        path = f"/admin/categories/{category}/extras/oven"
        await staff.put(path, {"name": "Oven"})
        await staff.delete(path)
        entries = await staff.items("/admin/audit", actor_id=str(staff.id))
        acts = [(it["action"], it["details"]) for it in entries if "extra" in it["action"]]
        details = {"category": category, "extra": "oven"}
        assert acts == [("extra_removed", details), ("extra_set", details)]


class TestRemoving:
    async def test_leaves_jobs_alone(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await category_slug(market)
        await bring_extra(market, category)
        job = await make_cleaning(market, category=category, extras=["oven"])
        path = f"/admin/categories/{category}/extras/oven"
        assert (await staff.delete(path)).status_code == 204
        assert (await job.owner.get(job.path)).json()["extras"] == [OVEN]
        kept = await job.owner.patch(job.path, {"extras": ["oven"], "price": "60.00"})
        assert kept.json()["extras"] == [OVEN]
        response = await staff.delete(path)
        assert (response.status_code, response.json()["code"]) == (404, "extra_not_found")

    async def test_of_what_is_inherited(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await make_home(market)
        response = await staff.delete(f"/admin/categories/{category}/extras/oven")
        assert (response.status_code, response.json()["code"]) == (404, "extra_not_found")
