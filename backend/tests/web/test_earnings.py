"""Earnings on pages."""

from datetime import UTC, datetime

from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.browsers import booking_page, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user


class TestEarnings:
    async def test_are_summed_up_by_month_and_currency(self, market: Market) -> None:
        cleaner = await make_user(market)
        for price, currency in (("40", "EUR"), ("50.50", "EUR"), ("80", "USD")):
            job = await make_cleaning(market, price=price, currency=currency)
            offer = await make_offer(market, job, cleaner)
            await make_finished_booking(market, offer)
        unfinished = await make_cleaning(market, price="1000")
        await make_booking(market, await make_offer(market, unfinished, cleaner))
        page = await (await browser_of(market, cleaner)).open("/earnings")
        assert "€90.50 in the last twelve months" in page.text
        assert "US$80 in the last twelve months" in page.text
        month = f"{datetime.now(UTC):%b %Y}"
        assert f"{month} 2 €90.50" in page.text
        assert "1,000" not in page.text

    async def test_have_numbers_of_months_where_names_are_long(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        browser = await browser_of(market, booking.cleaner)
        browser.client.headers["Accept-Language"] = "ar"
        page = await browser.open("/earnings")
        assert f">{datetime.now(UTC).month}</text>" in page.response.text

    async def test_of_an_owner_and_of_more_than_a_year_ago_count_not(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        owner = await (await browser_of(market, booking.owner)).open("/earnings")
        assert "Nothing earned yet" in owner.text
        await market.app.state.database.fetch(
            "UPDATE bookings SET ended_at = ended_at - interval '13 months' WHERE id = $1",
            (booking.data["id"],),
        )
        page = await (await browser_of(market, booking.cleaner)).open("/earnings")
        assert "last twelve months" not in page.text
        assert booking_page(booking) in page.links
