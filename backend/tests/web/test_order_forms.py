"""The form of a new order."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.db.models.users import UserRole
from app.web import order_forms
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.orders import stock_of
from tests.factories.packages import MadePackage, make_draft, make_package
from tests.factories.users import PASSWORD, Market, block, make_user
from tests.hiding import hide

GONE = "A package that you chose is not offered any more."
TIMES = "\N{MULTIPLICATION SIGN}"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def new_order(package: MadePackage, **quantities: int | str) -> str:
    """The path of the form of an order."""
    chosen = "".join(f"&{name}={quantity}" for name, quantity in quantities.items())
    return f"/orders/new?package={package.data['id']}{chosen}"


async def place(browser: Browser, page: PageShown, status: int = 200, **fields: Any) -> PageShown:
    """Sends the form of an order."""
    return await browser.send(page, "/orders/new", status, **{"starts_at": TOMORROW, **fields})


class TestChoosing:
    async def test_needs_a_login_and_leads_back(self, market: Market) -> None:
        package, user = await make_package(market), await make_user(market)
        browser = Browser(market)
        page = await browser.open(new_order(package))
        assert page.path.startswith("/login?next=%2Forders%2Fnew")
        page = await browser.send(page, "/login", username=user.username, password=PASSWORD)
        assert page.path == new_order(package)

    async def test_shows_the_packages_of_one_cleaner_and_the_total(self, market: Market) -> None:
        package = await make_package(market, name="Windows", price="40.00", stock=3)
        other = await make_package(market, package.seller, name="Oven", price="25.00")
        await make_package(market, name="Of another cleaner")
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(new_order(package))
        assert "Order for €40" in page.text
        assert "3 left" in page.text
        assert "Of another cleaner" not in page.text
        ids = {package.data["id"]: 2, other.data["id"]: 1}
        page = await browser.open(new_order(package, **ids))
        for text in (f"2 {TIMES} Windows €80", "Oven €25", "Order for €105"):
            assert text in page.text

    async def test_offers_packages_in_one_currency(self, market: Market) -> None:
        package = await make_package(market)
        await make_package(market, package.seller, name="In dollars", currency="USD")
        browser = await browser_of(market, await make_user(market))
        assert "In dollars" not in (await browser.open(new_order(package))).text

    async def test_of_nothing_asks_for_a_package(self, market: Market) -> None:
        package = await make_package(market)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(new_order(package, **{package.data["id"]: 0}))
        assert "Choose at least one package above." in page.text
        page = await place(browser, page, 422)
        assert page.problems == {"items": "Must not be empty."}

    @pytest.mark.parametrize("quantity", ["-1", "100000", "1.5", "x", "9" * 5000])
    async def test_of_an_impossible_number_says_so(self, market: Market, quantity: str) -> None:
        package = await make_package(market, price="40.00")
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(new_order(package, **{package.data["id"]: quantity}))
        assert page.problems.keys() == {package.data["id"]}
        assert "Enter a whole number from 0 to 20." in page.text
        assert "Order for" not in page.text
        form = await browser.open(new_order(package))
        sent = {package.data["id"]: quantity}
        page = await place(browser, form, 422, **sent)
        assert page.problems.keys() == {"items", package.data["id"]}

    async def test_of_an_emptied_field_is_of_nothing(self, market: Market) -> None:
        package = await make_package(market)
        browser = await browser_of(market, await make_user(market))
        emptied = f"{new_order(package)}&{package.data['id']}="
        left_out = f"{new_order(package)}&chosen=true"  # as the script sends it
        for path in (emptied, left_out):
            page = await browser.open(path)
            assert "Choose at least one package above." in page.text

    async def test_of_a_package_that_was_withdrawn_goes_on_with_the_others(
        self, market: Market
    ) -> None:
        seller = await make_user(market)
        paused, archived, hidden = [
            await make_package(market, seller, name="Gone") for _ in range(3)
        ]
        other = await make_package(market, seller, name="Oven", price="25.00")
        await seller.post(f"{paused.path}/pause")
        await seller.post(f"{archived.path}/archival")
        await hide(await make_user(market, role=UserRole.STAFF), hidden.path)
        browser = await browser_of(market, await make_user(market))
        begun = {"cleaner": seller.username, "currency": other.data["currency"]}
        for package in (paused, archived, hidden):
            page = await browser.open(new_order(package, **begun))
            assert page.problems == {"items": GONE}
            assert "Oven" in page.text
            assert "Gone" not in page.text
            page = await browser.open(new_order(package, **{other.data["id"]: 2}))
            assert "Order for €50" in page.text
        await seller.post(f"{other.path}/pause")
        page = await browser.open(new_order(paused, **begun))
        assert "This cleaner offers no packages at present." in page.text

    async def test_does_not_tell_that_an_invisible_package_exists(self, market: Market) -> None:
        seller = await make_user(market)
        draft, never_published = [await make_draft(market, seller) for _ in range(2)]
        hidden, unknown = [await make_package(market, seller) for _ in range(2)]
        await seller.post(f"{never_published.path}/archival")
        await hide(await make_user(market, role=UserRole.STAFF), hidden.path)
        unknown.data["id"] = str(uuid4())
        browser = await browser_of(market, await make_user(market))
        texts = set()
        for package in (draft, never_published, hidden, unknown):
            await browser.open(new_order(package), 404)
            page = await browser.open(new_order(package, cleaner=seller.username))
            texts.add(page.text)
        assert len(texts) == 1

    async def test_of_a_package_that_can_not_be_known_is_not_found(self, market: Market) -> None:
        draft = await make_draft(market)
        blocked, deleted = [await make_package(market) for _ in range(2)]
        await block(market, blocked.seller)
        await deleted.seller.request("DELETE", "/users/me", json={"current_password": PASSWORD})
        browser = await browser_of(market, await make_user(market))
        paths = [new_order(package) for package in (draft, blocked, deleted)]
        for path in (*paths, "/orders/new", "/orders/new?package=windows"):
            page = await browser.open(path, 404)
            assert "Package not found." in page.text

    async def test_leads_to_all_packages_of_a_cleaner(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(order_forms, "MOST_OFFERED", 1)
        package = await make_package(market, name="First", price="10.00")
        for name in ("Second", "Third"):
            await make_package(market, package.seller, name=name)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(new_order(package, **{package.data["id"]: 2}))
        shown = []
        while True:
            assert "Order for €20" in page.text
            shown.append([name for name in ("Second", "Third") if name in page.text])
            more = [link for link in page.links if "after=" in link]
            if not more:
                break
            page = await browser.open(more[0])
        assert shown == [["Third"], ["Second"], []]


class TestPlacing:
    async def test_takes_the_pieces_that_are_shown(self, market: Market) -> None:
        package = await make_package(market, price="40.00", stock=3)
        customer = await make_user(market)
        browser = await browser_of(market, customer)
        form = await browser.open(new_order(package, **{package.data["id"]: 2}))
        page = await place(
            browser,
            form,
            area="Harbour",
            address="7 Canal Street",
            note="Ring twice.",
            early_start="true",
        )
        assert "Your order is placed." in page.text
        (order,) = await customer.items("/orders")
        assert (order["total"], order["items"][0]["quantity"]) == ("80.00", 2)
        assert (order["address"], order["note"]) == ("7 Canal Street", "Ring twice.")
        assert order["starts_at"].startswith(TOMORROW)
        assert order["early_start_at"] is not None
        assert await stock_of(package) == 1

    async def test_asks_for_no_early_start_by_itself(self, market: Market) -> None:
        customer = await make_user(market)
        browser = await browser_of(market, customer)
        await place(browser, await browser.open(new_order(await make_package(market))))
        (order,) = await customer.items("/orders")
        assert order["early_start_at"] is None

    async def test_shows_what_is_wrong_beside_the_fields(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        form = await browser.open(new_order(await make_package(market)))
        page = await place(browser, form, 422, starts_at="2020-01-01T10:00", note="Ring twice.")
        assert page.problems == {"starts_at": "The start must lie in the future."}
        assert ("note", "Ring twice.") in page.form("/orders/new").fields
        page = await place(browser, page, 422, starts_at="")
        assert page.problems == {"starts_at": "Required."}

    async def test_of_a_package_that_has_changed_shows_it_as_it_is(self, market: Market) -> None:
        package = await make_package(market, price="40.00")
        browser = await browser_of(market, await make_user(market))
        form = await browser.open(new_order(package))
        await package.seller.patch(package.path, {"price": "45.00"})
        page = await place(browser, form, 409, address="7 Canal Street")
        assert "A package has changed since you opened the page." in page.text
        assert page.problems.keys() == {package.data["id"]}
        assert "Order for €45" in page.text
        assert "Your order is placed." in (await place(browser, page)).text

    @pytest.mark.parametrize("began_with", [0, 1])
    async def test_goes_on_without_a_package_that_was_paused(
        self, market: Market, began_with: int
    ) -> None:
        paused = await make_package(market)
        packages = [paused, await make_package(market, paused.seller)]
        browser = await browser_of(market, await make_user(market))
        ids = {it.data["id"]: 1 for it in packages}
        form = await browser.open(new_order(packages[began_with], **ids))
        await paused.seller.post(f"{paused.path}/pause")
        page = await place(browser, form, 422, address="7 Canal Street")
        assert page.problems == {"items": GONE}
        page = await browser.send(page, "/orders/new")
        assert "Your order is placed." in page.text
        assert "7 Canal Street" in page.text

    async def test_of_too_many_shows_how_many_are_left(self, market: Market) -> None:
        package = await make_package(market, stock=2)
        browser = await browser_of(market, await make_user(market))
        form = await browser.open(new_order(package, **{package.data["id"]: 2}))
        await package.seller.post(f"{package.path}/stock", {"by": -1})
        page = await place(browser, form, 409)
        assert "Fewer pieces of a package are left than you order." in page.text
        assert "1 left" in page.text

    async def test_of_more_than_twenty_pieces_is_refused(self, market: Market) -> None:
        package = await make_package(market)
        browser = await browser_of(market, await make_user(market))
        form = await browser.open(new_order(package))
        page = await place(browser, form, 422, **{package.data["id"]: 21})
        assert page.problems["items"] == "Must be at most 20."

    async def test_of_an_own_package_is_refused(self, market: Market) -> None:
        package = await make_package(market)
        browser = await browser_of(market, package.seller)
        page = await place(browser, await browser.open(new_order(package)), 409)
        assert "You can't order your own package." in page.text

    async def test_of_packages_of_two_cleaners_is_refused(self, market: Market) -> None:
        package, other = await make_package(market), await make_package(market)
        browser = await browser_of(market, await make_user(market))
        form = await browser.open(new_order(package))
        fields = {other.data["id"]: "1", f"revision-{other.data['id']}": "1"}
        page = await place(browser, form, 422, **fields)
        assert page.problems == {"items": "All packages must be of one cleaner."}

    async def test_twice_takes_effect_once(self, market: Market) -> None:
        package, customer = await make_package(market, stock=2), await make_user(market)
        browser = await browser_of(market, customer)
        form = await browser.open(new_order(package))
        assert (await place(browser, form)).path == (await place(browser, form)).path
        assert await stock_of(package) == 1
