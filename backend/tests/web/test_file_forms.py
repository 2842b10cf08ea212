"""Forms with pictures: what is read and stored of them, and what is refused."""

from collections.abc import AsyncIterator
from time import thread_time
from typing import Any

import pytest
from httpx import Response

from app.db.models.photos import MOST_PHOTOS
from app.http.bodies import LINGER_SIZE, OF_MEMBERS, OF_STRANGERS
from app.http.multipart import MOST_PARTS
from app.http.receiving import AT_ONCE_PER_ACCOUNT, OF_FILES
from app.web.file_forms import LONGEST_FIELD, MOST_FIELDS
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.photos import (
    add_pictures,
    of_job,
    of_package,
    of_profile,
    once_of,
    send_pictures,
)
from tests.factories.uploads import files_of
from tests.factories.users import Market, block
from tests.pictures import PNG, SVG, picture

CHUNK = 100_000
LARGE = 20_000_000
BOUNDARY = "the-boundary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
PLACES = pytest.mark.parametrize("place", [of_job, of_package, of_profile])


pytestmark = pytest.mark.usefixtures("photo_folder")


def part(name: str, content: str, headers: str = "") -> str:
    """A part of a form that is written by hand."""
    disposition = f'Content-Disposition: form-data; name="{name}"'
    return f"--{BOUNDARY}\r\n{disposition}{headers}\r\n\r\n{content}\r\n"


END = f"--{BOUNDARY}--\r\n"


class Body:
    """A body that never ends.

    Args:
        head: Its beginning.
    """

    def __init__(self, head: bytes = b"") -> None:
        self._head, self.size = head, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Its parts, as they are read."""
        yield self._head
        while True:
            self.size += CHUNK
            yield bytes(CHUNK)

    @property
    def is_unread(self) -> bool:
        """Whether no more was read than of any body to which an answer is sent early."""
        return self.size <= LINGER_SIZE + 3 * CHUNK


class TestAForm:
    @PLACES
    async def test_that_is_sent_twice_takes_effect_once(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        page = await browser.open(path)
        responses = [await send_pictures(browser, page, picture()) for _ in range(2)]
        assert [it.status_code for it in responses] == [303, 303]
        assert len(await owner.items("/uploads")) == len(await files_of(market)) == 1
        response = await send_pictures(browser, page, picture(PNG))
        assert response.status_code == 422
        assert "You have sent this form before" in PageShown(response).text
        assert len(await files_of(market)) == 1

    @PLACES
    async def test_without_a_picture_asks_for_one(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        page = await browser.open(path)
        files = {"uploads": ("", b"", "application/octet-stream")}
        response = await browser.client.post(path, data={"once": once_of(page)}, files=files)
        assert response.status_code == 422
        assert PageShown(response).problems == {"uploads": "Choose a picture."}

    @pytest.mark.parametrize("content", [SVG, b"", b"\xff\xd8", b"RIFF1234WAVE", b"GIF89a..."])
    async def test_with_something_else_than_a_picture_is_shown_again(
        self, market: Market, content: bytes
    ) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        page = await add_pictures(browser, path, picture(), content, status=422)
        assert page.problems == {"uploads": "Only pictures in JPEG, PNG or WebP can be used."}
        assert await files_of(market) == set()
        assert await owner.items("/uploads") == []

    async def test_with_too_many_pictures_is_shown_again(self, market: Market) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        page = await add_pictures(browser, path, *[picture()] * (MOST_PHOTOS + 1), status=422)
        assert page.problems == {"uploads": "The number of pictures is limited to 8."}
        assert await files_of(market) == set()

    @PLACES
    async def test_needs_a_login_before_it_is_read(self, market: Market, place: Any) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        await block(market, owner)
        body = Body()
        page = PageShown(await self.raw(browser, path, body))
        assert page.status == 401
        assert page.form("/login")
        assert body.is_unread

    @pytest.mark.parametrize(
        ("head", "status"),
        [
            (part("text", "x") + part("uploads", "", '; filename="x.jpg"')[:-2], 401),
            (part("text", "x")[:-2], 413),
            (part("text", "é" * (OF_STRANGERS.size // 6 + 1)) + END, 413),
        ],
    )
    async def test_of_a_visitor_is_read_as_far_as_other_forms_of_visitors(
        self, market: Market, head: str, status: int
    ) -> None:
        _, path = await of_profile(market)
        body = Body(head.encode())
        page = PageShown(await self.raw(Browser(market), path, body))
        assert page.status == status
        assert body.is_unread
        if status == 401:
            assert ("kept-text", "x") in page.form("/login").fields
        assert await files_of(market) == set()

    @PLACES
    async def test_of_another_site_is_refused_before_it_is_read(
        self, market: Market, place: Any
    ) -> None:
        owner, path = await place(market)
        browser = await browser_of(market, owner)
        browser.client.headers["Sec-Fetch-Site"] = "cross-site"
        body = Body()
        assert (await self.raw(browser, path, body)).status_code == 403
        assert body.is_unread

    async def test_counts_each_picture(self, market: Market) -> None:
        market.set_limit("uploads_per_account", 3)
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        await add_pictures(browser, path, picture(), picture())
        page = await add_pictures(browser, path, picture(), picture(), status=429)
        assert "Too many attempts." in page.text
        assert len(await files_of(market)) == 2

    async def test_that_is_no_form_is_counted_and_read_by_none(self, market: Market) -> None:
        market.set_limit("uploads_per_account", 1)
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        for media_type in ("image/jpeg", "multipart/form-data", "application/json"):
            body = Body()
            assert (await self.raw(browser, path, body, media_type)).status_code == 415
            assert body.is_unread
        await add_pictures(browser, path, picture())

    async def test_waits_for_others_of_the_same_account(self, market: Market) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        places = market.app.state.receiving
        with places.taken(owner.id), places.taken(owner.id):
            assert AT_ONCE_PER_ACCOUNT == 2
            response = await send_pictures(browser, await browser.open(path), picture())
        assert response.status_code == 503
        assert await files_of(market) == set()

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "no form",
            part("uploads", "x")[:-10],
            part("once", "x"),
            part("once", "x") + END.replace("boundary", "other"),
            f"--{BOUNDARY}\r\nno header\r\n\r\nx\r\n{END}",
            part("once", "x", "\r\nX-Long: " + "x" * 10_000) + END,
            part("once", "x", "".join(f"\r\nX-{number}: x" for number in range(50))) + END,
            part("once", "x" * (LONGEST_FIELD + 1)) + END,
            "".join(part("once", "x") for _ in range(MOST_FIELDS + 1)) + END,
            f"--{BOUNDARY}\r\n\r\n\r\n{END}",
        ],
    )
    async def test_that_is_malformed_is_shown_again(self, market: Market, body: str) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        page = PageShown(await self.raw(browser, path, body.encode()))
        assert page.status == 422
        assert page.form(path)
        of_visitor = await self.raw(Browser(market), path, body.encode())
        assert of_visitor.status_code == (413 if len(body) > OF_STRANGERS.size else 401)
        assert await files_of(market) == set()

    @pytest.mark.parametrize(
        "repeated",
        [
            f"--{BOUNDARY}\r\nX: x\r\n\r\n\r\n",
            part("uploads", "", '; filename=""'),
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; x={'x;' * 2000}\r\n\r\n\r\n",
        ],
    )
    async def test_of_many_parts_is_read_without_parsing_them(
        self, market: Market, repeated: str
    ) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        body = (repeated * (LARGE // len(repeated)) + END).encode()
        begun = thread_time()
        assert (await self.raw(browser, path, body)).status_code == 422
        assert thread_time() - begun < 1
        page = PageShown(await self.raw(browser, path, (repeated * (MOST_PARTS + 1)).encode()))
        assert page.form(path)

    async def test_with_a_long_boundary_is_refused(self, market: Market) -> None:
        owner, path = await of_job(market)
        browser = await browser_of(market, owner)
        media_type = f"multipart/form-data; boundary={'x' * 5000}"
        assert (await self.raw(browser, path, b"", media_type)).status_code == 422
        assert (await self.raw(Browser(market), path, b"", media_type)).status_code == 401

    async def test_with_a_large_picture_is_refused_while_it_arrives(self, market: Market) -> None:
        owner, path = await of_profile(market)
        browser = await browser_of(market, owner)
        head = part("uploads", "", '; filename="x.jpg"')[:-2].encode()

        async def large() -> AsyncIterator[bytes]:
            yield head + picture()
            for _ in range(OF_FILES.size // CHUNK):
                yield bytes(CHUNK)
            yield f"\r\n{END}".encode()

        page = PageShown(await self.raw(browser, path, large()))
        assert page.status == 422
        assert page.problems == {"uploads": "Each picture can have 15 MB at the most."}
        assert await files_of(market) == set()

    async def test_that_never_ends_is_refused(self, market: Market) -> None:
        owner, path = await of_profile(market)
        browser = await browser_of(market, owner)
        body = Body((part("once", "x") + END).encode())
        assert (await self.raw(browser, path, body)).status_code == 422
        assert body.size <= OF_FILES.size + OF_MEMBERS.size + LINGER_SIZE + 3 * CHUNK

    async def test_whose_stated_size_is_too_large_is_refused(self, market: Market) -> None:
        owner, path = await of_profile(market)
        browser = await browser_of(market, owner)
        size = str(OF_FILES.size + OF_MEMBERS.size + 1)
        headers = {"Content-Type": FORM, "Content-Length": size}
        body = Body()
        response = await browser.client.post(path, content=body, headers=headers)
        assert response.status_code == 422
        assert body.is_unread
        assert "Each picture can have 15 MB" in PageShown(response).text

    async def raw(
        self, browser: Browser, path: str, content: Any, media_type: str = FORM
    ) -> Response:
        """Sends a body as it is."""
        return await browser.client.post(
            path, content=content, headers={"Content-Type": media_type}
        )
