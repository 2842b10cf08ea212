"""The overview of staff."""

import pytest

from app.db.repositories.statistics import COUNTED
from app.web.views.statistics import WORDS
from tests.factories.bookings import make_finished_booking
from tests.factories.browsers import browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.packages import make_package
from tests.factories.reports import make_report
from tests.factories.tasks import make_failed_task
from tests.factories.users import Market, block, make_user
from tests.staff import GROUNDS, SUPERUSER, act, make_staff
from tests.statements import recorded

STAFF = "/staff"


def test_each_counted_event_has_words() -> None:
    assert set(WORDS) == {(kind.subject, kind.value) for kind in COUNTED}


class TestTheOverview:
    async def test_counts_what_there_is(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_cleaning(market)
        await make_package(market)
        await make_failed_task(market.app)
        await make_report(market, f"/profiles/{staff.id}", staff)
        await block(market, await make_user(market))
        text = (await (await browser_of(market, staff)).open(STAFF)).text
        for words in ("Blocked", "Open jobs", "Packages", "Waiting reports", "Failed tasks"):
            assert f"1 {words}" in text, words

    async def test_counts_the_changes_of_the_last_days(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_finished_booking(market)
        await make_cleaning(market)
        page = await (await browser_of(market, staff)).open(STAFF)
        for numbers in ("Jobs posted 2", "Jobs booked 1", "Jobs done 1", "Offers made 1"):
            assert numbers in page.text, numbers
        assert page.response.text.count('width="14.0"') == 60
        assert page.response.text.count('<tr><th scope="row">') == 60 + len(WORDS)

    async def test_shows_the_newest_entries_of_the_audit(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await act(staff, user, "block")
        page = await (await browser_of(market, staff)).open(STAFF)
        assert "Account blocked" in page.text
        assert GROUNDS["reason"] in page.text

    async def test_says_how_a_superuser_is_made_only_if_there_is_none(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        assert "python -m app superuser" in (await browser.open(STAFF)).text
        await make_user(market, role=SUPERUSER)
        assert "python -m app superuser" not in (await browser.open(STAFF)).text

    @pytest.mark.committed
    async def test_takes_one_statement_for_all_numbers(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        await browser.open(STAFF)
        async with recorded(market.app) as heard:
            await browser.open(STAFF)
        assert len(heard) == 3  # of the viewer, the numbers, and the audit

    async def test_tells_strangers_nothing_about_superusers(self, market: Market) -> None:
        browser = await browser_of(market)
        for path in ("/", "/jobs", "/login"):
            assert "superuser" not in (await browser.open(path)).response.text
