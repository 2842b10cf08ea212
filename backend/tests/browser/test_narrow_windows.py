"""Pages in narrow windows, in the language of the longest words."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FloatRect, Locator

from tests.browser.people import NARROW, Demo, Person

LINE = 60  # pixels


@pytest.fixture
async def person(chromium: Browser, demo: Demo) -> AsyncIterator[Person]:
    """A customer who reads German on a phone."""
    async with Person.in_window(
        chromium, demo, "customer", size=NARROW, is_mobile=True, locale="de"
    ) as customer:
        yield customer


async def area(element: Locator) -> FloatRect:
    """The place and the size of an element in the window, in pixels."""
    box = await element.bounding_box()
    assert box
    return box


@pytest.mark.parametrize("address", ["/account/profile", "/account/data"])
async def test_the_present_tab_is_in_view(person: Person, address: str) -> None:
    await person.page.goto(address)
    assert (await area(person.page.locator(".tabs")))["height"] < LINE
    tab = await area(person.page.locator(".tabs [aria-current]"))
    assert tab["x"] >= 0
    assert tab["x"] + tab["width"] <= NARROW[0]
    assert await person.page.evaluate("scrollY") == 0


async def test_a_long_heading_stays_within_its_panel(person: Person) -> None:
    await person.page.goto("/account/security/recovery-codes")
    panel = await area(person.page.locator(".panel"))
    button = await area(person.page.locator(".panel .primary"))
    assert button["x"] + button["width"] < panel["x"] + panel["width"] <= NARROW[0]
