"""Photos of messages on pages."""

import pytest

from app.http.bodies import OF_STRANGERS
from app.http.idempotency_keys import REPLAYED
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.messages import make_message_with_photos
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.photos import once_of
from tests.factories.uploads import files_of, process
from tests.factories.users import PASSWORD, Market, make_user
from tests.pictures import JPEG, SVG, picture

pytestmark = pytest.mark.usefixtures("photo_folder")


def thread_page(offer: MadeOffer) -> str:
    """The page of the thread of an offer."""
    return f"/messages/{offer.job.data['id']}/{offer.cleaner.id}"


class TestTheForm:
    async def test_sends_a_text_with_photos_once(self, market: Market) -> None:
        offer, text = await make_offer(market), "窗" * 4000
        thread, form = thread_page(offer), f"{thread_page(offer)}/photos"
        browser = await browser_of(market, offer.cleaner)
        assert form in (await browser.open(thread)).links
        page = await browser.open(form)
        content = {"once": once_of(page), "text": text}
        files = [("uploads", ("window.jpg", picture(), JPEG))] * 2
        first, second = [
            await browser.client.post(form, data=content, files=files) for _ in range(2)
        ]
        assert (first.status_code, first.headers["Location"]) == (303, thread)
        assert second.headers[REPLAYED] == "true"
        other = await browser_of(market, offer.owner)
        page = await other.open(thread)
        assert "Pictures take a few seconds until they can be shown. Refresh" in page.text
        assert thread in page.links
        await process(market)
        page = await other.open(thread)
        assert "Refresh" not in page.text
        assert text in page.text
        await assert_photos(other, page, 2)

    async def test_without_a_text_is_shown_again(self, market: Market) -> None:
        offer = await make_offer(market)
        form = f"{thread_page(offer)}/photos"
        browser = await browser_of(market, offer.cleaner)
        content = {"once": once_of(await browser.open(form))}
        files = {"uploads": ("window.jpg", picture(), JPEG)}
        response = await browser.client.post(form, data=content, files=files)
        assert response.status_code == 422
        assert PageShown(response).problems.keys() == {"text"}
        assert await files_of(market) == set()

    async def test_keeps_its_text_when_the_session_has_ended(self, market: Market) -> None:
        offer, text = await make_offer(market), "The window\r\nbehind the curtain"
        cleaner, form = offer.cleaner, f"{thread_page(offer)}/photos"
        browser = await browser_of(market, cleaner)
        content = {"once": once_of(await browser.open(form)), "text": text}
        files = {"uploads": ("window.jpg", picture() + bytes(OF_STRANGERS.size), JPEG)}
        await cleaner.delete("/users/me/sessions")
        page = PageShown(await browser.client.post(form, data=content, files=files))
        assert page.status == 401
        assert await files_of(market) == set()
        assert "choose them again after the login" in page.text
        page = await browser.send(page, "/login", 401, username=cleaner.username, password="wrong")
        page = await browser.send(page, "/login", username=cleaner.username, password=PASSWORD)
        assert "not the pictures: choose them again." in page.text
        page = await browser.send(page, form, 422)
        assert page.problems == {"uploads": "Choose a picture."}
        sent = dict(page.form(form).fields)
        assert sent["text"].split() == text.split()
        response = await browser.client.post(form, data=sent, files=files)
        assert (response.status_code, response.headers["Location"]) == (303, thread_page(offer))

    async def test_keeps_its_text_when_a_file_is_refused(self, market: Market) -> None:
        offer = await make_offer(market)
        form = f"{thread_page(offer)}/photos"
        browser = await browser_of(market, offer.cleaner)
        content = {"once": once_of(await browser.open(form)), "text": "The window"}
        files = {"uploads": ("window.svg", SVG, "image/svg+xml")}
        page = PageShown(await browser.client.post(form, data=content, files=files))
        assert page.problems.keys() == {"uploads"}
        assert ("text", "The window") in page.form(form).fields


async def assert_photos(browser: Browser, page: PageShown, number: int) -> None:
    """Asserts that a page has photos of messages, which its reader can load."""
    photos = [file for file in page.files if file.startswith("/messages/photos/")]
    assert len(photos) == number
    for photo in photos:
        response = await browser.client.get(photo)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")


class TestFiles:
    async def test_are_for_the_two_sides(self, market: Market) -> None:
        message = await make_message_with_photos(market)
        path = message.data["photos"][0]["url"]
        stranger = await browser_of(market, await make_user(market))
        for browser, status in ((stranger, 404), (await browser_of(market), 401)):
            assert (await browser.client.get(path)).status_code == status
