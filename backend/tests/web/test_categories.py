"""Categories, extras and checklists on the pages of staff."""

from typing import Any

import pytest

from app.web import categories
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.categories import add_up, make_category, make_chain, tree
from tests.factories.checklists import bring_item
from tests.factories.cleanings import make_cleaning
from tests.factories.extras import bring_extra
from tests.factories.packages import make_draft, make_package
from tests.factories.users import Actor, Market
from tests.staff import make_staff

TREE, NEW = "/staff/categories", "/staff/new-category"


async def acts(staff: Actor) -> list[str]:
    """What the audit has about acts of staff on categories, the newest first."""
    entries = await staff.items("/admin/audit", actor_id=str(staff.id))
    kinds = ("category", "extra", "checklist")
    return [entry["action"] for entry in entries if entry["action"].startswith(kinds)]


async def detail(market: Market, slug: str) -> dict[str, Any]:
    """A category with what it brings."""
    response = await market.client.get(f"/categories/{slug}")
    found: dict[str, Any] = response.json()
    return found


async def fill_in(browser: Browser, path: str, status: int = 200, **fields: Any) -> PageShown:
    """Opens a form, fills it in and sends it."""
    return await browser.send(await browser.open(path), path, status, **fields)


@pytest.fixture
def fresh_categories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has pages read the categories each time."""
    monkeypatch.setattr(categories, "KEPT_FOR", 0)


@pytest.mark.usefixtures("fresh_categories")
class TestTheServices:
    async def test_counts_open_jobs_and_published_packages(self, market: Market) -> None:
        await make_chain(market, "home", "kitchen")
        await make_cleaning(market, category="kitchen")
        await make_package(market, category="home")
        await make_draft(market, category="kitchen")
        await add_up(market)
        page = await Browser(market).open("/categories")
        leading = {link for link in page.links if "category=" in link}
        assert leading == {
            "/jobs?category=home",
            "/jobs?category=kitchen",
            "/packages?category=home",
        }
        assert page.text.count("1 job") == 2
        assert page.text.count("1 package") == 1
        page = await Browser(market).open("/jobs?category=home")
        assert "1 job" in page.text

    async def test_shows_none_that_are_not_offered(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_category(market, staff, slug="gone")
        await make_cleaning(market, category="gone")
        await add_up(market)
        assert "/jobs?category=gone" in (await Browser(market).open("/categories")).links
        await staff.post("/admin/categories/gone/deactivation")
        page = await Browser(market).open("/categories")
        assert "/jobs?category=gone" not in page.links

    async def test_is_found_from_the_start(self, market: Market) -> None:
        assert "/categories" in (await Browser(market).open("/")).links
        assert "No services yet" in (await Browser(market).open("/categories")).text


class TestTheTree:
    async def test_shows_all_in_their_order(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        assert "No categories yet" in (await browser.open(TREE)).text
        await make_chain(market, "house", "windows", "skylights")
        page = await browser.open(TREE)
        links = [link for link in page.links if link.startswith(f"{TREE}/")]
        assert links == [f"{TREE}/{slug}" for slug in ("house", "windows", "skylights")]

    @pytest.mark.parametrize("slug", ["nothing", "No%20slug", "%00", "x" * 100])
    async def test_has_no_page_for_others(self, market: Market, slug: str) -> None:
        browser = await browser_of(market, await make_staff(market))
        await browser.open(f"{TREE}/{slug}", 404)
        assert (await browser.post(f"{TREE}/{slug}/extras/oven", name="x")).status_code == 404


class TestMaking:
    async def test_puts_it_beneath_another_with_names_by_language(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_chain(market, "house")
        browser = await browser_of(market, staff)
        form = await browser.open(f"{NEW}?parent=house")
        assert ("parent", "house") in form.form(NEW).fields
        names: dict[str, Any] = {"names-de": "Fenster", "names-fr": " "}
        page = await browser.send(form, NEW, slug="windows", name="Windows", **names)
        assert page.path == f"{TREE}/windows"
        made = (await tree(market))["windows"]
        assert (made["parent"], made["names"]) == ("house", {"de": "Fenster"})
        assert await acts(staff) == ["category_made"]

    async def test_with_a_slug_that_is_taken_says_so(self, market: Market) -> None:
        slug = (await make_category(market))["slug"]
        browser = await browser_of(market, await make_staff(market))
        page = await fill_in(browser, NEW, 409, slug=slug, name="Twice")
        assert "Another category has this permanent name. Choose another name." in page.text
        assert ("name", "Twice") in page.form(NEW).fields

    async def test_too_deep_says_so(self, market: Market) -> None:
        await make_chain(market, "a", "b", "c", "d")
        browser = await browser_of(market, await make_staff(market))
        page = await fill_in(browser, NEW, 409, slug="e", name="E", parent="d")
        assert "Choose a higher category above it." in page.text

    async def test_of_something_that_is_no_slug_says_so(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        page = await fill_in(browser, NEW, 422, slug="No Slug", name="")
        assert set(page.problems) == {"slug", "name"}


class TestChanging:
    async def test_renames_moves_and_orders(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_chain(market, "house", "windows")
        await make_category(market, slug="office", names={"de": "Büro", "pt-BR": "Escritório"})
        browser, path = await browser_of(market, staff), f"{TREE}/office/edit"
        form = await browser.open(path)
        assert ("names-pt-BR", "Escritório") in form.form(path).fields
        fields: dict[str, Any] = {"names-de": "", "names-es": "Oficina"}
        await browser.send(form, path, name="Offices", parent="house", position="1", **fields)
        changed = (await tree(market))["office"]
        assert (changed["name"], changed["parent"], changed["position"]) == ("Offices", "house", 1)
        assert changed["names"] == {"es": "Oficina", "pt-BR": "Escritório"}
        assert await acts(staff) == ["category_changed"]

    async def test_keeps_its_place_unless_one_is_entered(self, market: Market) -> None:
        for slug in ("first", "second", "third"):
            await make_category(market, slug=slug)
        browser = await browser_of(market, await make_staff(market))
        await fill_in(browser, f"{TREE}/second/edit", name="Second")
        assert list(await tree(market)) == ["first", "second", "third"]

    async def test_beneath_itself_says_that_it_is_not_possible(self, market: Market) -> None:
        await make_chain(market, "house", "windows")
        browser = await browser_of(market, await make_staff(market))
        page = await fill_in(browser, f"{TREE}/house/edit", 409, parent="windows")
        assert "Choose another category above it." in page.text


class TestEnding:
    async def test_deactivates_and_reactivates(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_category(market, slug="windows")
        browser = await browser_of(market, staff)
        page = await browser.open(f"{TREE}/windows")
        page = await browser.send(page, f"{TREE}/windows/deactivation")
        assert "Not offered" in page.text
        page = await browser.send(page, f"{TREE}/windows/reactivation")
        assert (await tree(market))["windows"]["active"]
        assert await acts(staff) == ["category_reactivated", "category_deactivated"]

    async def test_deletes_one_that_was_never_used(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_category(market, slug="windows")
        browser = await browser_of(market, staff)
        page = await fill_in(browser, f"{TREE}/windows/deletion")
        assert "The category is deleted." in page.text
        assert await tree(market) == {}
        assert await acts(staff) == ["category_deleted"]

    async def test_keeps_one_that_is_in_use(self, market: Market) -> None:
        await make_category(market, slug="windows")
        await make_cleaning(market, category="windows")
        browser = await browser_of(market, await make_staff(market))
        page = await fill_in(browser, f"{TREE}/windows/deletion", 409)
        assert "Deactivate it, so that new jobs can't have it." in page.text


class TestAnExtra:
    async def test_is_added_changed_and_removed(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_category(market, slug="kitchen")
        browser = await browser_of(market, staff)
        fields: Any = {"slug": "oven", "name": "Oven", "price": "15", "minutes": "30"}
        page = await fill_in(browser, f"{TREE}/kitchen/new-extra", **fields)
        assert "€15" in page.text
        path = f"{TREE}/kitchen/extras/oven"
        names: Any = {"names-de": "Backofen"}
        await fill_in(browser, path, price="12.50", **names)
        (extra,) = (await detail(market, "kitchen"))["extras"]
        assert (extra["price"], extra["names"]) == ("12.50", {"de": "Backofen"})
        page = await browser.send(await browser.open(f"{TREE}/kitchen"), f"{path}/removal")
        assert (await detail(market, "kitchen"))["extras"] == []
        assert await acts(staff) == ["extra_removed", "extra_set", "extra_set"]

    async def test_keeps_its_currency(self, market: Market) -> None:
        await make_category(market, slug="kitchen")
        await bring_extra(market, "kitchen", currency="CHF")
        browser = await browser_of(market, await make_staff(market))
        await fill_in(browser, f"{TREE}/kitchen/extras/oven", name="Oven")
        (extra,) = (await detail(market, "kitchen"))["extras"]
        assert (extra["price"], extra["currency"]) == ("15.00", "CHF")
        await fill_in(browser, f"{TREE}/kitchen/extras/oven", price="")
        (extra,) = (await detail(market, "kitchen"))["extras"]
        assert (extra["price"], extra["currency"]) == (None, None)

    async def test_of_a_category_above_is_shown_but_not_changed(self, market: Market) -> None:
        await make_chain(market, "house", "kitchen")
        await bring_extra(market, "house")
        browser = await browser_of(market, await make_staff(market))
        page = await browser.open(f"{TREE}/kitchen")
        assert "from house" in page.text
        await browser.open(f"{TREE}/kitchen/extras/oven", 404)
        response = await browser.post(f"{TREE}/kitchen/extras/oven", name="Oven")
        assert response.status_code == 404

    async def test_with_a_wrong_price_is_shown_again(self, market: Market) -> None:
        await make_category(market, slug="kitchen")
        browser = await browser_of(market, await make_staff(market))
        fields: Any = {"slug": "oven", "name": "Oven", "price": "-1"}
        page = await fill_in(browser, f"{TREE}/kitchen/new-extra", 422, **fields)
        assert set(page.problems) == {"price"}


class TestAChecklist:
    async def test_gets_changes_and_loses_items(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_category(market, slug="kitchen")
        browser = await browser_of(market, staff)
        await fill_in(browser, f"{TREE}/kitchen/new-item", slug="floor", text="Mop the floor")
        path = f"{TREE}/kitchen/checklist/floor"
        texts: Any = {"texts-de": "Saugen"}
        await fill_in(browser, path, text="Vacuum", **texts)
        (item,) = (await detail(market, "kitchen"))["checklist"]
        assert (item["text"], item["texts"]) == ("Vacuum", {"de": "Saugen"})
        await browser.send(await browser.open(f"{TREE}/kitchen"), f"{path}/removal")
        assert (await detail(market, "kitchen"))["checklist"] == []
        assert await acts(staff) == [
            *("checklist_item_removed", "checklist_item_set", "checklist_item_set"),
        ]

    async def test_that_is_full_says_so(self, market: Market) -> None:
        await make_category(market, slug="kitchen")
        for number in range(50):
            await bring_item(market, "kitchen", f"item-{number}", position=number + 1)
        browser = await browser_of(market, await make_staff(market))
        path = f"{TREE}/kitchen/new-item"
        page = await fill_in(browser, path, 409, slug="more", text="More")
        assert "Remove one first." in page.text

    async def test_has_no_items_of_other_categories(self, market: Market) -> None:
        await make_category(market, slug="kitchen")
        browser = await browser_of(market, await make_staff(market))
        await browser.open(f"{TREE}/kitchen/checklist/floor", 404)
