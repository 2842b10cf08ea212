"""Orders on pages."""

from httpx import Response

from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.orders import accept, let_answer_lapse, make_order, stock_of
from tests.factories.packages import make_package
from tests.factories.users import Market, make_user


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
