"""Addresses of things that can be reported: of pages, and of the API."""

import re
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from app.db.models.reported import ReportedPath
from app.db.models.reports import ReportedNotFound

PATH = TypeAdapter(ReportedPath)
API = "/api/v1"
PAGES = (
    (re.compile(r"/jobs/"), "/cleanings/"),
    (re.compile(r"/people/"), "/profiles/"),
    (
        re.compile(r"/bookings/([^/]+)/([^/]+)/evaluations/"),
        r"/cleanings/\1/bookings/\2/evaluations/",
    ),
)
"""Beginnings of the paths of pages, with those of the API."""
PROFILE = re.compile(r"/profiles/([a-z0-9_-]{3,32})")
FILE = re.compile(r"/photos/([0-9a-f]+)\.webp")


def path_of(page: str) -> str:
    """The path in the API of a thing on a page.

    Args:
        page: The path below which the page has the acts on the thing.

    Raises:
        ReportedNotFound: Such a thing can't be reported.
    """
    return demand_reported(_in_api(page))


def path_at(address: str, public_url: str) -> str:
    """The path in the API at an address; empty for one of another site.

    Args:
        address: The URL or the path of a page, or of something in the API.
        public_url: The base URL of the market.
    """
    try:
        parts = urlsplit(address.removeprefix(public_url))
    except ValueError:  # brackets around something else than an IPv6 address
        return ""
    if parts.scheme or parts.netloc:
        return ""
    return _in_api(parts.path.removeprefix(API).rstrip("/").lower())


def named_profile(path: str) -> str | None:
    """The username in the path of a profile; None in other paths.

    Args:
        path: The path in the API.
    """
    found = PROFILE.fullmatch(path)
    return found and found[1]


def photo_file(path: str) -> str | None:
    """The name of the file of a photo in its path; None in other paths.

    Args:
        path: The path of the file.
    """
    found = FILE.fullmatch(path)
    return found and found[1]


def demand_reported(path: str) -> str:
    """A path in the API, if it is that of a thing that can be reported.

    Raises:
        ReportedNotFound: It is not.
    """
    try:
        return PATH.validate_python(path)
    except ValidationError:
        raise ReportedNotFound from None


def _in_api(page: str) -> str:
    for beginning, path in PAGES:
        if beginning.match(page):
            return beginning.sub(path, page, count=1)
    return page
