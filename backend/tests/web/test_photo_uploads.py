"""Photos that people add, order and remove on pages."""

from typing import Any

import pytest

from app.db.models.photos import MOST_PHOTOS
from tests.factories.browsers import browser_of, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.photos import (
    PICTURE,
    add_pictures,
    of_job,
    of_package,
    of_profile,
    photos_on,
    send_pictures,
)
from tests.factories.uploads import files_of, process, shown
from tests.factories.users import Market, make_user
from tests.pictures import PNG, WEBP, bomb, picture

THINGS = pytest.mark.parametrize("place", [of_job, of_package])
PLACES = pytest.mark.parametrize("place", [of_job, of_package, of_profile])


pytestmark = pytest.mark.usefixtures("photo_folder")


class TestAddingPhotos:
    @THINGS
    async def test_shows_them_once_they_are_prepared(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        page = await add_pictures(browser, path, picture(), picture(PNG))
        assert "Your photos are added." in page.text
        assert page.text.count("Being prepared") == 2
        assert path in page.links  # to refresh it
        await process(market)
        page = await browser.open(path)
        assert "Being prepared" not in page.text
        assert len(photos_on(page)) == 2
        thing = await browser.open(path.removesuffix("/photos"))
        assert photos_on(thing) == photos_on(page)
        for photo in photos_on(page):
            assert (await shown(market, photo)).status_code == 200

    @THINGS
    async def test_puts_them_behind_the_present_ones(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        await add_pictures(browser, path, picture())
        await process(market)
        (first,) = photos_on(await browser.open(path))
        await add_pictures(browser, path, picture())
        await process(market)
        assert photos_on(await browser.open(path))[0] == first

    async def test_finds_the_type_of_a_file_by_its_content(self, market: Market) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        page = await browser.open(path)
        response = await send_pictures(
            browser, page, picture(WEBP), media_type="application/octet-stream"
        )
        assert response.status_code == 303
        await process(market)
        assert len(photos_on(await browser.open(path))) == 1

    @THINGS
    async def test_has_a_limit(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        page = await browser.open(path)
        assert f"You can add {MOST_PHOTOS} more" in page.text
        await add_pictures(browser, path, *[picture()] * (MOST_PHOTOS - 1))
        page = await add_pictures(browser, path, *[picture()] * 2, status=422)
        assert "uploads" in page.problems
        assert len(await owner.items("/uploads")) == MOST_PHOTOS - 1
        page = await add_pictures(browser, path, picture())
        assert "There is room for no more." in page.text

    @THINGS
    async def test_is_for_the_owner_only(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        page = await (await browser_of(market, owner)).open(path)
        browser = await browser_of(market, await make_user(market))
        await browser.open(path, 404)
        assert (await send_pictures(browser, page, picture())).status_code == 404
        assert await files_of(market) == set()

    async def test_of_a_job_that_is_gone_is_not_found(self, market: Market) -> None:
        job = await make_cleaning(market)
        browser = await browser_of(market, job.owner)
        page = await browser.open(f"{page_of(job)}/photos")
        await job.owner.delete(job.path)
        assert (await send_pictures(browser, page, picture())).status_code == 404
        assert await files_of(market) == set()


class TestAPicture:
    async def test_is_set_and_replaced(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await add_pictures(browser, PICTURE, picture())
        assert "Your picture is set." in page.text
        assert "Being prepared" in page.text
        await process(market)
        first = photos_on(await browser.open(PICTURE))
        await add_pictures(browser, PICTURE, picture(PNG))
        await process(market)
        second = photos_on(await browser.open(PICTURE))
        assert len(first) == len(second) == 1
        assert first != second
        profile = (await user.get("/profiles/me")).json()
        assert profile["picture"]["url"] == second[0]

    async def test_is_one(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await add_pictures(browser, PICTURE, picture(), picture(), status=422)
        assert page.problems == {"uploads": "The number of pictures is limited to 1."}
        assert await files_of(market) == set()

    async def test_is_removed(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await add_pictures(browser, PICTURE, picture())
        (action,) = [form.action for form in page.forms if form.action.endswith("/removal")]
        page = await browser.send(page, action)
        assert "The picture is removed." in page.text
        assert await user.items("/uploads") == []


class TestOrderingAndRemoving:
    @THINGS
    async def test_moves_a_photo_forward(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        await add_pictures(browser, path, picture(), picture(), picture())
        await process(market)
        page = await browser.open(path)
        one, two, three = photos_on(page)
        moves = [form.action for form in page.forms if form.action.endswith("/forward")]
        assert len(moves) == 2  # the first photo can't move
        page = await browser.send(page, moves[1])
        assert "The photo has moved forward." in page.text
        assert photos_on(page) == [one, three, two]

    @THINGS
    async def test_removes_a_photo(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        await add_pictures(browser, path, picture(), picture())
        await process(market)
        page = await browser.open(path)
        one, two = photos_on(page)
        (removal, _) = [form.action for form in page.forms if form.action.endswith("/removal")]
        page = await browser.send(page, removal)
        assert "The photo is removed." in page.text
        assert photos_on(page) == [two]
        assert (await shown(market, one)).status_code == 404

    @pytest.mark.parametrize("act", ["forward", "removal"])
    async def test_is_for_the_owner_only(self, market: Market, act: str) -> None:
        owner, path = await of_job(market)
        page = await add_pictures(await browser_of(market, owner), path, picture(), picture())
        action = [form.action for form in page.forms if form.action.endswith(act)][-1]
        browser = await browser_of(market, await make_user(market))
        assert (await browser.post(action)).status_code == 404
        assert len(await owner.items("/uploads")) == 2

    async def test_of_a_photo_of_another_job_changes_nothing(self, market: Market) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        page = await add_pictures(browser, path, picture(), picture())
        action = [form.action for form in page.forms if form.action.endswith("/forward")][-1]
        other = page_of(await make_cleaning(market, owner))
        response = await browser.post(action.replace(path, f"{other}/photos"))
        assert response.status_code == 404


class TestARefusedPicture:
    @PLACES
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (picture()[:300], "The file is damaged."),
            (bomb(9000, 9000), "It has more than 40 million pixels."),
        ],
    )
    async def test_says_why_until_it_is_dismissed(
        self, market: Market, place: Any, content: bytes, reason: str
    ) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        await add_pictures(browser, path, content)
        await process(market)
        page = await browser.open(path)
        assert "could not be used." in page.text
        assert reason in page.text
        (action,) = [form.action for form in page.forms if form.action.endswith("/removal")]
        page = await browser.send(page, action)
        assert reason not in page.text
        assert await files_of(market) == set()
