"""Hostile texts of people stay text on every page, as each of three people sees it."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Dialog, Page

from tests.browser.hostile import HEBREW, LINE, MARK, TEXT, hostile_market
from tests.browser.people import Demo, Person
from tests.browser.test_every_page import MAGNIFIED, WIDER, addresses

SMALLEST = (MAGNIFIED["width"], MAGNIFIED["height"])
FOREIGN = f"""() => [
    ...document.querySelectorAll(
        ".{MARK}, iframe, object, embed, base, style, script:not([src^='/static/'])"
    ),
    ...[...document.querySelectorAll("*")].filter((it) => [...it.attributes].some(
        ({{ name, value }}) => name.startsWith("on") || name === "style" || name === "srcdoc"
            || (/href|src|action/.test(name) && /^\\s*(javascript|data):/i.test(value))
    )),
].map((it) => it.outerHTML.slice(0, 200))"""
"""Elements and attributes that no template has."""
OPEN_TO_ITS_PARENT = f"""() => {{
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {{
        const node = walker.currentNode;
        if (!node.data.includes("{HEBREW}")) continue;
        if (node.parentElement.closest("bdi, [dir=auto], textarea, option")) continue;
        found.push(node.parentElement.outerHTML.slice(0, 200));
    }}
    return found;
}}"""
"""Texts whose direction changes the order of what surrounds them (UAX 9)."""


@pytest.fixture(scope="session")
async def hostile(demo: Demo) -> Demo:
    """The market of the demo, in which three people have written hostile texts."""
    return await hostile_market(demo)


LISTS = {
    "customer": ("/mine", "/orders", "/account/keys", "/account/sessions", "/account/profile"),
    "cleaner": ("/offers", "/packages/mine", "/orders?role=cleaner", "/bookings?part=past"),
    "staff": ("/staff", "/staff/audit", "/staff/people", "/staff/categories", "/staff/tasks"),
}
"""Pages of many things, by the role of their reader."""


def asked(demo: Demo, role: str) -> Iterator[str]:
    """The pages about a thing, lists, and pages that repeat what they are asked with."""
    yield from (it for it in addresses(demo, role) if any(map(it.__contains__, ids_of(demo))))
    yield from LISTS[role]
    yield from (f"/people/{name}" for name in demo.usernames.values())
    line = quote(LINE)
    yield from (f"/jobs?q={line}&area={line}&min_price={line}", f"/packages?q={line}&sort={line}")
    yield from (
        f"/{line}",
        f"/people/{line}",
        f"/jobs?cursor={line}",
        f"/orders/new?package={line}",
    )


def ids_of(demo: Demo) -> set[str]:
    """What stands in the paths of pages about a thing."""
    return {*demo.places.values(), *demo.booking.values(), *demo.package.values()}


async def look_through(page: Page) -> list[str]:
    """The elements of a page that hostile texts have made, texts without bounds, and wide texts."""
    found: list[str] = await page.evaluate(FOREIGN)
    found += await page.evaluate(OPEN_TO_ITS_PARENT)
    return [*found, "wider than the window"] if await page.evaluate(WIDER) else found


@pytest.mark.parametrize("role", ["customer", "cleaner", "staff"])
async def test_stay_text_on_every_page(chromium: Browser, hostile: Demo, role: str) -> None:
    found, dialogs, others = [], [], []

    async def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        await dialog.dismiss()

    async with Person.in_window(chromium, hostile, role, size=SMALLEST) as person:
        page = person.page
        page.on("dialog", dismiss)
        page.on("request", lambda it: others.append(it.url))
        for address in asked(hostile, role):
            await page.goto(address, wait_until="domcontentloaded")
            found += [f"{address}: {each}" for each in await look_through(page)]
    assert found == []
    assert dialogs == []
    assert [url for url in others if not url.startswith(f"{hostile.address}/")] == []


async def test_are_shown_as_they_were_written(chromium: Browser, hostile: Demo) -> None:
    async with Person.in_window(chromium, hostile, "customer") as customer:
        await customer.page.goto(f"/jobs/{hostile.places['cleaning_id']}")
        assert await customer.page.locator("h1").text_content() == LINE
        assert LINE in await customer.page.title()
        assert " ".join(TEXT.split()) in " ".join((await customer.page.inner_text("main")).split())
