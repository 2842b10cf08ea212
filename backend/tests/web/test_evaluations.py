"""Evaluations on pages."""

from app.db.models.users import UserRole
from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.browsers import Browser, booking_page, browser_of
from tests.factories.evaluations import make_evaluation
from tests.factories.users import Market, make_user
from tests.hiding import hide


class TestEvaluating:
    async def test_needs_a_login(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        page = await Browser(market).open(f"{booking_page(booking)}/evaluation")
        assert page.path.startswith("/login")

    async def test_of_a_cleaner_has_stars_for_each_criterion(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        path = f"{booking_page(booking)}/evaluation"
        browser = await browser_of(market, booking.owner)
        page = await browser.send(
            await browser.open(path),
            path,
            overall_rating="4",
            efficiency="3",
            headline="Spotless",
            comment="On time, and kind.",
        )
        assert page.path == booking_page(booking)
        for text in ("Your review is online.", "Spotless", "On time, and kind.", "4 stars"):
            assert text in page.text
        given = (await booking.owner.get(f"{booking.path}/evaluation")).json()
        assert (given["overall_rating"], given["efficiency"]) == (4, 3)
        assert (given["completeness"], given["professionalism"]) == (None, None)

    async def test_of_an_owner_has_stars_for_the_whole_only(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        path = f"{booking_page(booking)}/evaluation"
        browser = await browser_of(market, booking.cleaner)
        page = await browser.open(path)
        assert "Efficiency" not in page.text
        page = await browser.send(page, path, overall_rating="5")
        assert "5 stars" in page.text

    async def test_without_stars_is_refused_and_kept(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        path = f"{booking_page(booking)}/evaluation"
        browser = await browser_of(market, booking.owner)
        page = await browser.send(
            await browser.open(path), path, 422, completeness="2", comment="Kind."
        )
        assert set(page.problems) == {"overall_rating"}
        assert "How was it? : Required." in page.text
        assert {("comment", "Kind."), ("completeness", "2")} <= set(page.form(path).fields)

    async def test_waits_for_the_end(self, market: Market) -> None:
        booking = await make_booking(market)
        path = f"{booking_page(booking)}/evaluation"
        browser = await browser_of(market, booking.owner)
        page = await browser.open(path)
        assert "You can review a booking when the work is done." in page.text
        response = await browser.post(path, overall_rating="5")
        assert response.status_code == 409
        assert "Come back when the work is done." in response.text

    async def test_twice_is_refused(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        path = f"{booking_page(booking)}/evaluation"
        browser = await browser_of(market, booking.owner)
        form = await browser.open(path)
        await make_evaluation(market, booking)
        page = await browser.send(form, path, 409, overall_rating="1")
        assert "You find your review on the page of the booking." in page.text


class TestEvaluationsOfABooking:
    async def test_are_shown_to_both_sides(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        await make_evaluation(market, booking, headline="Spotless")
        await make_evaluation(market, booking, booking.cleaner, headline="Good coffee")
        for actor in (booking.owner, booking.cleaner):
            page = await (await browser_of(market, actor)).open(booking_page(booking))
            assert "Spotless" in page.text
            assert "Good coffee" in page.text

    async def test_that_are_hidden_are_shown_to_their_author_only(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        evaluation = await make_evaluation(market, booking, headline="Spotless")
        staff = await make_user(market, role=UserRole.STAFF)
        await hide(staff, f"{booking.path}/evaluations/{evaluation['id']}")
        page = await (await browser_of(market, booking.owner)).open(booking_page(booking))
        assert "Spotless" in page.text
        assert "Hidden by staff" in page.text
        page = await (await browser_of(market, booking.cleaner)).open(booking_page(booking))
        assert "Spotless" not in page.response.text
        assert "No review is shown." in page.text
