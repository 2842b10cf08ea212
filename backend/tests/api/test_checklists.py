"""Checklists: what categories bring, copied to bookings and ticked off there."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.factories.bookings import MadeBooking, make_booking
from tests.factories.categories import category_slug
from tests.factories.checklists import bring_item
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.orders import accept, make_order
from tests.factories.packages import make_package
from tests.factories.users import Market, make_user


async def make_home(market: Market) -> str:
    """A category with two items, and one beneath it with a third, whose slug is returned."""
    home = await category_slug(market)
    await bring_item(market, home, "bins", position=2, text="Empty the bins", texts={})
    await bring_item(market, home, "floors", position=1)
    deep = await category_slug(market, parent=home)
    await bring_item(market, deep, "oven", text="Clean the oven", texts={})
    return deep


async def make_ticked(market: Market, **terms: Any) -> MadeBooking:
    """A booking with a checklist of three items."""
    job = await make_cleaning(market, category=await make_home(market), **terms)
    return await make_booking(market, await make_offer(market, job))


def written(checklist: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """The numbers, codes and texts of a checklist."""
    return [(item["number"], item["code"], item["text"]) for item in checklist]


class TestAccepting:
    async def test_copies_the_checklist_general_items_first(self, market: Market) -> None:
        booking = await make_ticked(market)
        assert written(booking.data["checklist"]) == [
            (1, "floors", "Vacuum and mop all floors"),
            (2, "bins", "Empty the bins"),
            (3, "oven", "Clean the oven"),
        ]
        assert {item["done_at"] for item in booking.data["checklist"]} == {None}
        for side in (booking.owner, booking.cleaner):
            assert await side.items("/bookings") == [booking.data]

    async def test_takes_the_nearest_of_several_with_one_code(self, market: Market) -> None:
        category = await make_home(market)
        await bring_item(market, category, "floors", position=2, text="Polish the floors")
        job = await make_cleaning(market, category=category)
        booking = await make_booking(market, await make_offer(market, job))
        assert written(booking.data["checklist"]) == [
            (1, "bins", "Empty the bins"),
            (2, "oven", "Clean the oven"),
            (3, "floors", "Polish the floors"),
        ]

    async def test_is_in_the_language_of_the_job(self, market: Market) -> None:
        booking = await make_ticked(market, language="de")
        assert booking.data["language"] == "de"
        assert written(booking.data["checklist"])[:2] == [
            (1, "floors", "Alle Böden saugen und wischen"),
            (2, "bins", "Empty the bins"),
        ]

    async def test_of_an_order_copies_that_of_its_packages(self, market: Market) -> None:
        package = await make_package(market, category=await make_home(market), language="de")
        booking = await accept(await make_order(market, package))
        assert [item["code"] for item in booking.data["checklist"]] == ["floors", "bins", "oven"]
        starts_now = "UPDATE bookings SET terms = terms || jsonb_build_object('starts_at', now())"
        await market.app.state.database.fetch(starts_now, ())
        path = f"{booking.path}/checklist/3"
        ticked = await booking.order.cleaner.put(path, {"done": True})
        shown = (await booking.order.customer.get(booking.path)).json()
        assert shown == ticked.json()
        assert shown["checklist"][2]["done_at"] is not None

    async def test_of_a_job_without_a_category(self, market: Market) -> None:
        assert (await make_booking(market)).data["checklist"] == []

    async def test_takes_it_as_it_is_then(self, market: Market) -> None:
        booking = await make_ticked(market)
        staff = await make_user(market, role=UserRole.STAFF)
        path = f"/admin/categories/{booking.data['terms']['category']}/checklist"
        assert (await staff.put(f"{path}/floors", {"text": "Sweep"})).status_code == 200
        assert (await staff.delete(f"{path}/oven")).status_code == 204
        assert (await booking.owner.get(booking.path)).json() == booking.data


class TestTicking:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        booking = await make_ticked(market)
        response = await client.put(f"{booking.path}/checklist/1", json={"done": True})
        assert response.status_code == 401

    async def test_shows_both_sides_when_it_was_done(self, market: Market) -> None:
        booking = await make_ticked(market)
        response = await booking.cleaner.put(f"{booking.path}/checklist/2", {"done": True})
        assert response.status_code == 200, response.text
        done = [item["done_at"] is not None for item in response.json()["checklist"]]
        assert done == [False, True, False]
        assert (await booking.owner.get(booking.path)).json() == response.json()
        response = await booking.cleaner.put(f"{booking.path}/checklist/2", {"done": False})
        assert response.json()["checklist"] == booking.data["checklist"]

    async def test_twice_changes_nothing(self, market: Market) -> None:
        booking = await make_ticked(market)
        path = f"{booking.path}/checklist/1"
        first = await booking.cleaner.put(path, {"done": True})
        again = await booking.cleaner.put(path, {"done": True})
        assert again.json() == first.json()
        assert again.headers["ETag"] == first.headers["ETag"] != '"1"'

    @pytest.mark.parametrize("number", [0, -1, 4, 10**30])
    async def test_of_an_item_that_does_not_exist(self, market: Market, number: int) -> None:
        booking = await make_ticked(market)
        response = await booking.cleaner.put(f"{booking.path}/checklist/{number}", {"done": True})
        assert (response.status_code, response.json()["code"]) == (404, "checklist_item_not_found")

    @pytest.mark.parametrize("body", [{}, {"done": None}, {"done": 1}, {"done": "true"}])
    async def test_needs_to_say_whether_it_is_done(self, market: Market, body: Any) -> None:
        booking = await make_ticked(market)
        response = await booking.cleaner.put(f"{booking.path}/checklist/1", body)
        assert (response.status_code, response.json()["code"]) == (422, "invalid")

    async def test_is_recorded(self, market: Market) -> None:
        booking = await make_ticked(market)
        for done in (True, True, False):
            await booking.cleaner.put(f"{booking.path}/checklist/3", {"done": done})
        rows = await market.app.state.database.fetch(
            "SELECT kind, payload ->> 'number' AS number, actor_id FROM events "
            "WHERE subject = 'booking' ORDER BY id",
            (),
        )
        assert [tuple(row) for row in rows] == [
            ("ticked", "3", booking.cleaner.id),
            ("unticked", "3", booking.cleaner.id),
        ]


class TestSetting:
    async def test_adds_and_replaces(self, market: Market, client: AsyncClient) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await make_home(market)
        path = f"/admin/categories/{category}/checklist"
        draft = {"text": "Lock up", "texts": {"es": "Cerrar con llave"}, "position": 1}
        response = await staff.put(f"{path}/lock-up", draft)
        assert response.status_code == 200, response.text
        items = response.json()["checklist"]
        assert [item["code"] for item in items] == ["floors", "bins", "lock-up", "oven"]
        assert items[2] == {
            "code": "lock-up",
            "text": "Lock up",
            "texts": {"es": "Cerrar con llave"},
            "category": category,
        }
        response = await staff.put(f"{path}/lock-up", {"text": "Lock the door"})
        assert response.json()["checklist"][2]["text"] == "Lock the door"
        assert response.json() == (await client.get(f"/categories/{category}")).json()

    async def test_has_a_bound(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await category_slug(market)
        for number in range(1, 51):
            await bring_item(market, category, f"item-{number}", position=number)
        path = f"/admin/categories/{category}/checklist/floors"
        response = await staff.put(path, {"text": "Sweep"})
        assert (response.status_code, response.json()["code"]) == (409, "too_many_items")

    async def test_is_in_the_audit(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await category_slug(market)
        path = f"/admin/categories/{category}/checklist/floors"
        await staff.put(path, {"text": "Sweep"})
        await staff.delete(path)
        entries = await staff.items("/admin/audit", actor_id=str(staff.id))
        acts = [(it["action"], it["details"]) for it in entries if "checklist" in it["action"]]
        details = {"category": category, "item": "floors"}
        assert acts == [("checklist_item_removed", details), ("checklist_item_set", details)]


class TestRemoving:
    async def test_of_what_the_category_does_not_bring_itself(self, market: Market) -> None:
        staff, category = await make_user(market, role=UserRole.STAFF), await make_home(market)
        for code in ("floors", "no-such"):
            response = await staff.delete(f"/admin/categories/{category}/checklist/{code}")
            assert (response.status_code, response.json()["code"]) == (
                404,
                "checklist_item_not_found",
            )
