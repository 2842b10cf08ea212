"""Pages with photos, and the forms that add them."""

from urllib.parse import urlsplit

from httpx import Response

from tests.factories.browsers import Browser, PageShown, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.packages import make_package
from tests.factories.users import Actor, Market, make_user
from tests.pictures import JPEG

PICTURE = "/account/picture"

Place = tuple[Actor, str]


async def of_job(market: Market) -> Place:
    """The owner of a job, and the page of its photos."""
    job = await make_cleaning(market)
    return job.owner, f"{page_of(job)}/photos"


async def of_package(market: Market) -> Place:
    """The seller of a package, and the page of its photos."""
    package = await make_package(market)
    return package.seller, f"{package.path}/photos"


async def of_profile(market: Market) -> Place:
    """A user, and the page of their picture."""
    return await make_user(market), PICTURE


def once_of(page: PageShown) -> str:
    """The name of the submission of the form with a file on a page."""
    return dict(page.form(urlsplit(page.path).path).fields)["once"]


async def send_pictures(
    browser: Browser, page: PageShown, *contents: bytes, media_type: str = JPEG
) -> Response:
    """Sends pictures by the form on a page, and follows nothing."""
    files = [("uploads", ("picture.jpg", content, media_type)) for content in contents]
    path = urlsplit(page.path).path
    return await browser.client.post(path, data={"once": once_of(page)}, files=files)


async def add_pictures(
    browser: Browser, path: str, *contents: bytes, status: int = 200
) -> PageShown:
    """Sends pictures, and opens the page that follows."""
    response = await send_pictures(browser, await browser.open(path), *contents)
    if status == 200:
        assert response.status_code == 303, response.text
        return await browser.open(response.headers["Location"])
    assert response.status_code == status, response.text
    return PageShown(response)


def photos_on(page: PageShown) -> list[str]:
    """The photos that a page shows, in order."""
    return [link for link in page.links if link.startswith("/photos/")]
