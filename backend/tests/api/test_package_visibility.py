"""Packages that are hidden, of sellers who are blocked or leave, and as categories count them."""

from tests.api.test_packages import events
from tests.factories.categories import add_up, make_category, tree
from tests.factories.cleanings import make_cleaning
from tests.factories.packages import (
    CATEGORY,
    TERMS,
    MadePackage,
    make_draft,
    make_package,
    package_names,
)
from tests.factories.users import Actor, Market, make_user
from tests.hiding import GROUNDS, hide, show
from tests.staff import make_staff


class TestHiding:
    async def hidden(self, market: Market) -> tuple[Actor, MadePackage]:
        staff, package = await make_staff(market), await make_package(market, area="Old Town")
        await hide(staff, package.path)
        return staff, package

    async def test_leaves_it_to_its_seller(self, market: Market) -> None:
        staff, package = await self.hidden(market)
        for actor in (staff, await make_user(market)):
            for path in (package.path, f"{package.path}/revisions"):
                assert (await actor.get(path)).status_code == 404
            for filters in ({}, {"q": "oven"}, {"area": "old town"}, {"sort": "price"}):
                assert await package_names(actor, **filters) == []
        seller = package.seller
        assert (await seller.get(package.path)).json()["hidden"] is True
        assert await package_names(seller, cleaner="me") == ["Oven"]
        assert await package_names(seller, cleaner="me", q="oven") == ["Oven"]
        assert await package_names(seller) == []

    async def test_is_undone_and_written_down(self, market: Market) -> None:
        staff, package = await self.hidden(market)
        await show(staff, package.path)
        assert await package_names(staff) == ["Oven"]
        for action in ("package_hidden", "package_shown"):
            (entry,) = await staff.items("/admin/audit", action=action)
            assert entry["user"]["id"] == str(package.seller.id)
            assert entry["details"]["package_id"] == package.data["id"]
        assert [kind for kind, _ in await events(market)][-2:] == ["hidden", "shown"]


class TestSellers:
    async def test_who_are_blocked_sell_nothing(self, market: Market) -> None:
        staff, package = await make_staff(market), await make_package(market)
        draft = await make_draft(market, package.seller)
        path = f"/admin/users/{package.seller.id}/block"
        assert (await staff.post(path, GROUNDS)).status_code == 200
        assert (await staff.get(package.path)).status_code == 404
        assert await package_names(staff, status="any") == []
        assert (await staff.delete(path)).status_code == 200
        for each in (package, draft):
            assert (await each.seller.get(each.path)).json()["status"] == "archived"
        rows = await market.app.state.database.fetch(
            "SELECT actor_id FROM events WHERE kind = 'archived'", ()
        )
        assert [row["actor_id"] for row in rows] == [staff.id, staff.id]

    async def test_who_are_deactivated_go_on_selling(self, market: Market) -> None:
        staff, package = await make_staff(market), await make_package(market)
        path = f"/admin/users/{package.seller.id}/deactivation"
        assert (await staff.post(path, GROUNDS)).status_code == 200
        assert await package_names(staff) == ["Oven"]

    async def test_who_delete_their_account_leave_an_empty_package(self, market: Market) -> None:
        package = await make_package(market, **TERMS)
        await package.seller.patch(package.path, {"name": "Windows"})
        assert (await package.seller.delete("/users/me")).status_code == 204
        (row,) = await market.app.state.database.fetch("SELECT * FROM packages", ())
        assert (row["name"], row["status"], row["area"]) == ("Deleted", "archived", None)
        assert await market.app.state.database.fetch("SELECT FROM package_revisions", ()) == []

    async def test_are_shown_with_their_rating_as_cleaners(self, market: Market) -> None:
        package = await make_package(market)
        job = await make_cleaning(market)
        offer = (await package.seller.post(f"{job.path}/offers")).json()
        accepted = await job.owner.post(f"{job.path}/offers/{offer['id']}/acceptance")
        path = f"{job.path}/bookings/{accepted.json()['id']}"
        await job.owner.post(f"{path}/completion")
        await job.owner.post(f"{path}/evaluation", {"overall_rating": 4})
        (item,) = await job.owner.items("/packages")
        assert item["cleaner"]["rating"] == {"average": 4.0, "total": 1}


class TestCategories:
    async def published(self, market: Market) -> int:
        await add_up(market)
        number: int = (await tree(market))[CATEGORY]["published_packages"]
        return number

    async def test_count_the_packages_that_all_users_see(self, market: Market) -> None:
        staff, package = await make_staff(market), await make_package(market)
        await make_draft(market, package.seller)
        assert await self.published(market) == 1
        await package.seller.post(f"{package.path}/pause")
        assert await self.published(market) == 0
        await package.seller.post(f"{package.path}/publication")
        await hide(staff, package.path)
        assert await self.published(market) == 0
        await show(staff, package.path)
        assert await self.published(market) == 1
        await staff.post(f"/admin/users/{package.seller.id}/block", GROUNDS)
        assert await self.published(market) == 0

    async def test_that_are_deactivated_take_no_new_packages(self, market: Market) -> None:
        staff, package = await make_staff(market), await make_package(market)
        await staff.post(f"/admin/categories/{CATEGORY}/deactivation")
        seller, attics = package.seller, await make_category(market, slug="attics")
        other = await make_draft(market, seller, category=attics["slug"])
        for response in (
            await seller.post("/packages", TERMS),
            await seller.patch(other.path, {"category": CATEGORY}),
        ):
            assert (response.status_code, response.json()["code"]) == (422, "category_not_offered")
        assert (await seller.patch(package.path, {"price": "60.00"})).status_code == 200
        assert (await seller.get(package.path)).json()["category"] == CATEGORY
