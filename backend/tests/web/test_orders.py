"""Orders on pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import Response

from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.orders import accept, let_answer_lapse, make_order, stock_of
from tests.factories.packages import MadePackage, make_package
from tests.factories.users import Market, make_user

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
        page = await browser.send(
            page, "/login", username=user.username, password="a lighthouse in winter"
        )
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

    async def test_of_a_package_that_is_not_visible_is_not_found(self, market: Market) -> None:
        package = await make_package(market)
        await package.seller.post(f"{package.path}/pause")
        browser = await browser_of(market, await make_user(market))
        for path in (new_order(package), "/orders/new", "/orders/new?package=windows"):
            page = await browser.open(path, 404)
            assert "Package not found." in page.text


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

    async def test_goes_on_without_a_package_that_was_paused(self, market: Market) -> None:
        other = await make_package(market, (package := await make_package(market)).seller)
        browser = await browser_of(market, await make_user(market))
        ids = {it.data["id"]: 1 for it in (package, other)}
        form = await browser.open(new_order(package, **ids))
        await other.seller.post(f"{other.path}/pause")
        page = await place(browser, form, 422, address="7 Canal Street")
        assert page.problems == {"items": "A package that you chose is not offered any more."}
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


class TestOwnOrders:
    async def test_are_listed_by_role_and_state(self, market: Market) -> None:
        order = await make_order(market)
        for actor, role, other in (
            (order.customer, "customer", "cleaner"),
            (order.cleaner, "cleaner", "customer"),
        ):
            browser = await browser_of(market, actor)
            for query in ("", f"?role={role}", "?status=placed", f"?role={role}&status=placed"):
                assert order.path in (await browser.open(f"/orders{query}")).links, query
            for query in (f"?role={other}", "?status=accepted"):
                page = await browser.open(f"/orders{query}")
                assert order.path not in page.links, query
                assert "No orders here" in page.text

    async def test_are_shown_to_their_two_sides_only(self, market: Market) -> None:
        order = await make_order(market)
        stranger = await browser_of(market, await make_user(market))
        for page in ("", "/acceptance", "/declination", "/cancellation"):
            await stranger.open(f"{order.path}{page}", 404)
        assert (await Browser(market).open(order.path)).path.startswith("/login")

    async def test_keep_the_address_from_the_cleaner_until_they_accept(
        self, market: Market
    ) -> None:
        order = await make_order(market, address="7 Canal Street")
        browser = await browser_of(market, order.cleaner)
        assert "7 Canal Street" not in (await browser.open(order.path)).text
        await accept(order)
        assert "7 Canal Street" in (await browser.open(order.path)).text


class TestAnswering:
    async def test_accepts_and_leads_to_the_booking(self, market: Market) -> None:
        order = await make_order(market)
        browser = await browser_of(market, order.cleaner)
        question = await browser.open(f"{order.path}/acceptance")
        response = await self.send(browser, question, f"{order.path}/acceptance")
        booking = response.headers["Location"]
        assert booking.startswith(f"/bookings/{order.data['id']}/")
        for actor in (order.cleaner, order.customer):
            page = await (await browser_of(market, actor)).open(order.path)
            assert booking in page.links

    async def send(self, browser: Browser, page: PageShown, path: str) -> Response:
        """Sends a form, and does not follow where that leads."""
        return await browser.client.post(path, data=dict(page.form(path).fields))

    async def test_declines_with_a_reason(self, market: Market) -> None:
        package = await make_package(market, stock=1)
        order = await make_order(market, package)
        browser = await browser_of(market, order.cleaner)
        form = await browser.open(f"{order.path}/declination")
        page = await browser.send(form, f"{order.path}/declination", reason="I am away.")
        assert "You have declined the order." in page.text
        assert await stock_of(package) == 1
        page = await (await browser_of(market, order.customer)).open(order.path)
        assert "I am away." in page.text

    async def test_is_for_the_cleaner_only(self, market: Market) -> None:
        order = await make_order(market)
        browser = await browser_of(market, order.customer)
        for action in ("acceptance", "declination"):
            form = await browser.open(f"{order.path}/{action}")
            page = await browser.send(form, f"{order.path}/{action}", 403)
            assert "Only the cleaner who sells the packages may do this." in page.text

    async def test_after_the_time_for_it_shows_the_present_state(self, market: Market) -> None:
        order = await make_order(market)
        browser = await browser_of(market, order.cleaner)
        forms = [await browser.open(f"{order.path}/{it}") for it in ("acceptance", "declination")]
        await let_answer_lapse(market, order.data["id"])
        for form in forms:
            page = await browser.send(form, form.path, 409)
            assert "The order was answered, or has ended." in page.text
            assert "The cleaner did not answer in time." in page.text


class TestCancelling:
    async def test_gives_the_pieces_back(self, market: Market) -> None:
        package = await make_package(market, stock=1)
        order = await make_order(market, package)
        browser = await browser_of(market, order.customer)
        form = await browser.open(f"{order.path}/cancellation")
        page = await browser.send(form, f"{order.path}/cancellation", reason="We are moving.")
        assert "Your order is cancelled." in page.text
        assert await stock_of(package) == 1

    async def test_is_for_the_customer_only(self, market: Market) -> None:
        order = await make_order(market)
        browser = await browser_of(market, order.cleaner)
        form = await browser.open(f"{order.path}/cancellation")
        page = await browser.send(form, f"{order.path}/cancellation", 403)
        assert "Only the customer who placed the order may do this." in page.text

    async def test_of_an_accepted_order_leads_to_its_booking(self, market: Market) -> None:
        order = await make_order(market)
        browser = await browser_of(market, order.customer)
        form = await browser.open(f"{order.path}/cancellation")
        booking = await accept(order)
        page = await browser.send(form, f"{order.path}/cancellation", 409)
        path = f"/bookings/{booking.data['cleaning_id']}/{booking.data['id']}"
        assert path in page.links
