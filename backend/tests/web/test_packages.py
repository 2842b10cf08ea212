"""Packages on pages."""

import pytest

from app.db.models.users import UserRole
from app.web import categories
from tests.factories.browsers import Browser, browser_of
from tests.factories.categories import make_category
from tests.factories.packages import make_draft, make_package, offer_category
from tests.factories.users import Market, make_user
from tests.hiding import hide
from tests.statements import statements


class TestBrowsing:
    async def test_shows_published_packages_to_visitors(self, market: Market) -> None:
        package = await make_package(market, name="Windows", stock=1, area="Harbour")
        page = await Browser(market).open("/packages")
        assert package.path in page.links
        for text in ("Windows", "€50", "1 left", "Harbour"):
            assert text in page.text

    async def test_shows_no_others_to_visitors(self, market: Market) -> None:
        package = await make_package(market, name="Windows")
        draft = await make_draft(market, package.seller, name="Oven")
        await package.seller.post(f"{package.path}/pause")
        for query in ("", "?status=any", "?status=draft", "?cleaner=me", "?cleaner=me&status=any"):
            page = await Browser(market).open(f"/packages{query}")
            assert not {package.path, draft.path} & set(page.links), query

    async def test_filters_and_searches(self, market: Market) -> None:
        await make_package(market, name="Windows", price="50.00", area="Harbour")
        oven = await make_package(market, name="Oven", price="150.00")
        browser = Browser(market)
        for query in ("q=windows", "max_price=99.50", "area=harbour", "max_price=60&sort=price"):
            page = await browser.open(f"/packages?{query}")
            assert "1 package" in page.text, query
            assert oven.path not in page.links, query

    async def test_can_be_of_one_cleaner(self, market: Market) -> None:
        package = await make_package(market)
        other = await make_package(market)
        page = await Browser(market).open(f"/packages?cleaner={package.seller.username}&q=oven")
        assert package.path in page.links
        assert other.path not in page.links
        assert f"Only packages of {package.seller.username}" in page.text

    async def test_of_nothing_says_why(self, market: Market) -> None:
        browser = Browser(market)
        assert "No packages yet" in (await browser.open("/packages")).text
        assert "No package matches" in (await browser.open("/packages?q=windows")).text
        assert "too common" in (await browser.open("/packages?q=the")).text


class TestAPackage:
    async def test_is_shown_to_visitors_with_a_way_to_order(self, market: Market) -> None:
        package = await make_package(market, name="Windows", duration=90, stock=4)
        page = await Browser(market).open(package.path)
        for text in ("Windows", "about 1h 30m", "4 left", "No reviews yet"):
            assert text in page.text
        assert f"/orders/new?package={package.data['id']}" in page.links

    async def test_is_shown_to_its_seller_only_unless_it_is_published(self, market: Market) -> None:
        package, stranger = await make_package(market), await make_user(market)
        seller, other = await browser_of(market, package.seller), await browser_of(market, stranger)
        visitor = Browser(market)
        staff = await make_user(market, role=UserRole.STAFF)
        draft = await make_draft(market, package.seller)
        paused = await make_package(market, package.seller)
        await package.seller.post(f"{paused.path}/pause")
        await hide(staff, package.path)
        for each in (draft, paused, package):
            assert (await seller.open(each.path)).status == 200
            for browser in (other, visitor):
                await browser.open(each.path, 404)
                for form in ("publication", "pause", "archival", "edit"):
                    response = await browser.post(f"{each.path}/{form}")
                    assert response.status_code == (401 if browser is visitor else 404), form

    async def test_is_hidden_from_its_page_by_staff(self, market: Market) -> None:
        package = await make_package(market)
        staff = await browser_of(market, await make_user(market, role=UserRole.STAFF))
        assert f"{package.path}/hiding?next=/packages" in (await staff.open(package.path)).links
        seller = await browser_of(market, package.seller)
        assert "/hiding" not in (await seller.open(package.path)).response.text

    async def test_is_previewed_where_its_address_is_shared(self, market: Market) -> None:
        package = await make_package(market, name="Windows & doors", description="Ten.")
        text = (await Browser(market).open(package.path)).response.text
        assert '<meta property="og:title" content="Windows &amp; doors">' in text
        assert '<meta name="description" content="Ten.">' in text

    async def test_that_is_sold_out_can_not_be_ordered(self, market: Market) -> None:
        package = await make_package(market, stock=0)
        page = await Browser(market).open(package.path)
        assert "Sold out" in page.text
        assert not any("/orders/new" in link for link in page.links)


class TestSelling:
    async def test_makes_a_draft_that_is_published_later(self, market: Market) -> None:
        await offer_category(market)
        user = await make_user(market)
        browser = await browser_of(market, user)
        form = await browser.open("/packages/new")
        page = await browser.send(
            form, "/packages/new", name="Windows", price="1,045.50", category="windows", stock="3"
        )
        assert "Your draft is saved." in page.text
        page = await browser.send(page, f"{page.path}/publication")
        assert "Your package is online." in page.text
        (package,) = await user.items("/packages", cleaner="me", status="any")
        assert (package["price"], package["stock"]) == ("1045.50", 3)
        assert package["status"] == "published"

    async def test_publishes_at_once(self, market: Market) -> None:
        await offer_category(market)
        user = await make_user(market)
        browser = await browser_of(market, user)
        form = await browser.open("/packages/new")
        page = await browser.send(
            form, "/packages/new", name="Windows", price="45", category="windows", publish="true"
        )
        assert "Your package is online." in page.text
        (package,) = await user.items("/packages", cleaner="me")
        assert package["stock"] is None

    async def test_shows_what_is_wrong_beside_the_fields(self, market: Market) -> None:
        await offer_category(market)
        browser = await browser_of(market, await make_user(market))
        form = await browser.open("/packages/new")
        page = await browser.send(form, "/packages/new", 422, name=" ", price="0", stock="-1")
        assert page.problems.keys() == {"name", "price", "category", "stock"}
        assert page.problems["stock"] == "Must be at least 0."

    async def test_in_a_category_that_is_not_offered_is_refused(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        form = await browser.open("/packages/new")
        page = await browser.send(
            form, "/packages/new", 422, name="Windows", price="45", category="gone"
        )
        assert page.problems == {"category": "No such category is offered."}

    async def test_needs_a_login(self, market: Market) -> None:
        page = await Browser(market).open("/packages/new")
        assert page.path == "/login?next=%2Fpackages%2Fnew"


class TestOwnPackages:
    async def test_are_listed_by_state_with_their_stock(self, market: Market) -> None:
        draft = await make_draft(market, name="Oven", stock=7)
        package = await make_package(market, draft.seller, name="Windows", stock=0)
        await make_package(market, name="Of another")
        browser = await browser_of(market, draft.seller)
        page = await browser.open("/packages/mine")
        assert {draft.path, package.path} <= set(page.links)
        assert "7 left" in page.text
        assert "Sold out: add to the stock" in page.text
        assert "Of another" not in page.text
        page = await browser.open("/packages/mine?status=draft")
        assert draft.path in page.links
        assert package.path not in page.links

    async def test_that_do_not_exist_lead_to_the_first_one(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        assert "You offer no packages yet" in (await browser.open("/packages/mine")).text
        assert "No packages here" in (await browser.open("/packages/mine?status=paused")).text


class TestEditing:
    async def test_begins_with_the_present_values(self, market: Market) -> None:
        package = await make_package(market, price="45.50", description="Two rooms.", stock=2)
        browser = await browser_of(market, package.seller)
        form = await browser.open(f"{package.path}/edit")
        fields = dict(form.form(f"{package.path}/edit").fields)
        assert (fields["name"], fields["price"], fields["category"]) == ("Oven", "45.50", "windows")
        page = await browser.send(form, f"{package.path}/edit", name="Ovens", description="")
        assert "Your package is changed." in page.text
        shown = (await package.seller.get(package.path)).json()
        assert (shown["name"], shown["price"], shown["stock"]) == ("Ovens", "45.50", 2)
        assert shown["description"] is None

    async def test_demands_the_terms_that_a_package_has(self, market: Market) -> None:
        package = await make_package(market)
        browser = await browser_of(market, package.seller)
        form = await browser.open(f"{package.path}/edit")
        page = await browser.send(form, f"{package.path}/edit", 422, name="", price="")
        assert page.problems.keys() == {"name", "price"}

    async def test_keeps_a_category_that_is_offered_no_more(self, market: Market) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        await make_category(market, staff, slug="gone")
        package = await make_package(market, category="gone")
        response = await staff.post("/admin/categories/gone/deactivation")
        assert response.status_code == 200, response.text
        browser = await browser_of(market, package.seller)
        form = await browser.open(f"{package.path}/edit")
        await browser.send(form, f"{package.path}/edit", name="Ovens")
        assert (await package.seller.get(package.path)).json()["category"] == "gone"

    async def test_is_for_the_seller_only(self, market: Market) -> None:
        package = await make_package(market)
        browser = await browser_of(market, await make_user(market))
        for page in ("edit", "stock", "archival"):
            shown = await browser.open(f"{package.path}/{page}", 403)
            assert "Only the seller of the package may do this." in shown.text

    async def test_leaves_a_history(self, market: Market) -> None:
        package = await make_package(market, price="45.00")
        await package.seller.patch(package.path, {"price": "55.00"})
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(package.path)
        assert f"{package.path}/history" in page.links
        assert "€45" in (await browser.open(f"{package.path}/history")).text
        draft = await make_draft(market)
        await browser.open(f"{draft.path}/history", 404)


class TestReading:
    @pytest.mark.committed
    async def test_takes_no_more_statements_than_the_calls_of_the_api_and_the_viewer(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(categories, "KEPT_FOR", 3600)
        package = await make_package(market)
        browser = await browser_of(market, package.seller)
        await browser.open("/packages")
        for path, most in (("/packages", 2), ("/packages/mine", 2), (package.path, 3)):
            assert await statements(market.app, browser.client.get(path)) == most, path


class TestStates:
    async def test_pauses_and_archives(self, market: Market) -> None:
        package = await make_package(market)
        browser = await browser_of(market, package.seller)
        page = await browser.open(package.path)
        page = await browser.send(page, f"{package.path}/pause")
        assert "Your package is paused." in page.text
        question = await browser.open(f"{package.path}/archival")
        page = await browser.send(question, f"{package.path}/archival")
        assert "Your package is in the archive." in page.text
        page = await browser.send(question, f"{package.path}/archival", 409, once="another")
        assert "It is in the archive." in page.text

    @pytest.mark.parametrize(("by", "left"), [("5", 7), ("-2", 0)])
    async def test_changes_the_stock(self, market: Market, by: str, left: int) -> None:
        package = await make_package(market, stock=2)
        browser = await browser_of(market, package.seller)
        form = await browser.open(f"{package.path}/stock")
        await browser.send(form, f"{package.path}/stock", by=by)
        assert (await package.seller.get(package.path)).json()["stock"] == left

    async def test_takes_no_more_out_of_the_stock_than_there_is(self, market: Market) -> None:
        package = await make_package(market, stock=2)
        browser = await browser_of(market, package.seller)
        form = await browser.open(f"{package.path}/stock")
        page = await browser.send(form, f"{package.path}/stock", 409, by="-3")
        assert "2 left" in page.text
        page = await browser.send(page, f"{package.path}/stock", 422, by="some")
        assert page.problems == {"by": "Must be a whole number."}
