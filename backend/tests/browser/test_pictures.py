"""The pictures of pages that the README shows."""

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.browser.people import NARROW, WIDE, Demo, Person, Scheme
from tests.test_readme import ROOT

QUALITY = 70
"""Of WebP: 100 is the best."""
LARGEST = 60_000  # bytes


class Picture(NamedTuple):
    """A page of the market of `make demo`, as a person sees it."""

    role: str | None
    path: str
    size: tuple[int, int]
    scheme: Scheme


PICTURES = {
    "offers": Picture("customer", "/jobs/{cleaning_id}", WIDE, "light"),
    "staff": Picture("staff", "/staff", WIDE, "light"),
    "jobs-phone": Picture("cleaner", "/jobs", NARROW, "dark"),
    "post-phone": Picture("customer", "/jobs/new", NARROW, "light"),
    "booking-phone": Picture("host", "/bookings/{cleaning_id}/{booking_id}", NARROW, "light"),
    # The last one, since the photos of the market are prepared meanwhile.
    "jobs": Picture(None, "/jobs", WIDE, "light"),
}


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_of_the_readme_is_small(
    chromium: Browser, demo: Demo, shots: Path | None, tmp_path: Path, name: str
) -> None:
    picture = PICTURES[name]
    ids = demo.places | (demo.coming if "booking_id" in picture.path else {})
    is_phone = picture.size == NARROW
    async with Person.in_window(chromium, demo, picture.role, is_mobile=is_phone) as person:
        await person.look(picture.size, picture.scheme)
        response = await person.page.goto(picture.path.format(**ids), wait_until="networkidle")
        assert response
        assert response.ok
        content = await person.page.screenshot()
    file = (shots or tmp_path) / f"{name}.webp"
    Image.open(BytesIO(content)).save(file, quality=QUALITY, method=6)
    assert file.stat().st_size < LARGEST
    assert f"(backend/docs/shots/{file.name})" in (ROOT / "README.md").read_text()
