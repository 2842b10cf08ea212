"""The tabs of lists."""

import re

from tests.factories.browsers import PageShown, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Market

TABS = re.compile(r'<nav class="tabs".*?</nav>', re.DOTALL)
LISTS = (
    "/bookings",
    "/messages",
    "/mine",
    "/notifications",
    "/offers",
    "/orders",
    "/packages/mine",
)


def tabs_of(page: PageShown) -> list[str]:
    """The tabs of a page, with the chosen ones."""
    found = TABS.findall(page.response.text)
    assert found, page.path
    return found


class TestAnUnknownChoice:
    async def test_shows_the_list_and_the_tab_that_are_shown_without_one(
        self, market: Market
    ) -> None:
        job = await make_cleaning(market)
        await job.owner.post(f"{job.path}/cancellation")
        browser = await browser_of(market, job.owner)
        for path in (*LISTS, f"/people/{job.owner.username}"):
            page = await browser.open(path)
            other = await browser.open(f"{path}?part=x&role=x&status=x&unread=x")
            assert tabs_of(other) == tabs_of(page), path
            assert other.links == page.links, path
