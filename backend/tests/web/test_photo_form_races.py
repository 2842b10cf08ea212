"""Forms with pictures that are sent at once, each on a connection of its own."""

import pytest

from tests.factories.browsers import browser_of
from tests.factories.photos import of_job, send_pictures
from tests.factories.uploads import files_of
from tests.factories.users import Market
from tests.invariants import assert_invariants
from tests.pictures import JPEG, PNG, picture
from tests.races import race

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("photo_folder")]
TRIES = 6


async def test_a_double_submit_adds_the_picture_once(market: Market) -> None:
    for attempt in range(TRIES):
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        page = await browser.open(path)
        before = await files_of(market)
        responses = await race(
            attempt, *(send_pictures(browser, page, picture()) for _ in range(2))
        )
        assert {it.status_code for it in responses} <= {303, 409}
        assert len(await owner.items("/uploads")) == 1
        assert len(await files_of(market)) == len(before) + 1
    await assert_invariants(market.app)


async def test_of_two_forms_no_picture_is_lost(market: Market) -> None:
    for attempt in range(TRIES):
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        pages = [await browser.open(path) for _ in range(2)]
        before = await files_of(market)
        contents = picture(JPEG), picture(PNG)
        responses = await race(
            attempt,
            *(send_pictures(browser, *it) for it in zip(pages, contents, strict=True)),
        )
        statuses = [it.status_code for it in responses]
        added = statuses.count(303)
        assert added
        assert set(statuses) <= {303, 412}
        response = await owner.get(f"{path.replace('/jobs', '/cleanings')}")
        assert len(response.json()["uploads"]) == added
        assert len(await files_of(market)) == len(before) + added
    await assert_invariants(market.app)
