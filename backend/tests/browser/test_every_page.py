"""Every page, as each kind of person sees it: accessible, valid, and without violations."""

import re
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize
from starlette.routing import compile_path

from app.web.pages import ROUTES
from app.web.routing import Access
from tests.browser.people import NARROW, WIDE, Demo, Person, Scheme
from tests.browser.validator import Validator

MEMBERS = {Access.VISITORS, Access.MEMBERS, Access.RECENT}
SHOWN = {
    None: {Access.VISITORS},
    "customer": MEMBERS,
    "cleaner": MEMBERS,
    "staff": {Access.STAFF, Access.SUPERUSERS},
}
"""The pages that are looked at, by the role of the person: each that the role is made for."""
SETTINGS = "/account"
"""Pages that are the same for customers and cleaners, so that those of the customer are enough."""
Seen = dict[str | None, dict[str, str]]
"""The texts of the pages that each role sees, by their addresses."""
Look = tuple[tuple[int, int], Scheme]
LOOKS: tuple[Look, ...] = ((WIDE, "light"), (NARROW, "dark"))
OTHER_LOOKS: dict[str, Look] = {"de": (NARROW, "light"), "ar": (WIDE, "dark")}
"""By languages: that of the longest words, and one that is written from right to left."""
SAMPLE = {
    "customer": (
        *("/jobs", "/jobs/new", "/jobs/{cleaning_id}", "/bookings/{cleaning_id}/{booking_id}"),
        *("/packages/{package_id}", "/orders/new", "/messages/{cleaning_id}/{cleaner_id}"),
        *("/people/{username}", "/notifications", "/account/security"),
    ),
    "staff": ("/staff", "/staff/reports/{report_id}", "/staff/people/{user_id}"),
}
"""The pages with the most components."""
ASPECTS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
NAMELESS = re.compile(
    r"^ *- (?:button|link|textbox|searchbox|spinbutton|combobox|checkbox|radio|img)(?=:|$| \[)",
    re.MULTILINE,
)
"""What a screen reader would announce without a name."""
MAGNIFIED: ViewportSize = {"width": 320, "height": 256}
"""A window of 1,280 by 1,024 pixels at 400 % (WCAG 2.2, 1.4.10)."""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
STAYS_WIDER = f"""async () => {{
    const pause = () => new Promise((resume) => setTimeout(resume, 50));
    for (let left = 40; left && {WIDER}; left--) await pause();
    return {WIDER};
}}"""
"""Waits for the layout of a new size, in the page itself: its CSP forbids what `wait_for_function`
evaluates repeatedly."""
NOWHERE = "/nowhere"
ASKED = {
    "/orders/new": "?package={package_id}",
    "/report": "?about=/jobs/{cleaning_id}",
}
"""What the pages are asked with that show nothing otherwise."""


def addresses(demo: Demo, role: str | None) -> Iterator[str]:
    """The addresses of the pages that are made for a role, with ids of the market."""
    for route in ROUTES:
        is_seen = role == "cleaner" and route.path.startswith(SETTINGS)
        if route.method == "GET" and route.access in SHOWN[role] and not is_seen:
            yield address_of(demo, route.path)


def address_of(demo: Demo, path: str) -> str:
    """The address of a page, with ids of the market."""
    _, shape, _ = compile_path(path)
    return (shape + ASKED.get(path, "")).format_map(demo.ids(path))


@pytest.fixture(scope="session")
async def pages(chromium: Browser, demo: Demo) -> Seen:
    """The pages that each role sees, and one that there is not."""
    seen: Seen = {}
    for role in SHOWN:
        async with Person.in_window(chromium, demo, role) as person:
            client, seen[role] = person.page.context.request, {}
            for address in (NOWHERE, *addresses(demo, role)):
                response = await client.get(
                    address, headers={"Accept": "text/html"}, max_redirects=0
                )
                assert response.status < 500, address
                if response.status == 200 or address == NOWHERE:
                    seen[role][address] = await response.text()
    return seen


async def test_each_is_shown_to_a_role(demo: Demo, pages: Seen) -> None:
    shown = set(chain.from_iterable(pages.values()))
    paths = [route.path for route in ROUTES if route.method == "GET"]
    assert [path for path in paths if address_of(demo, path) not in shown] == []


async def test_is_valid(pages: Seen, validator: Validator) -> None:
    texts = {
        f"{role} {address}": text for role, seen in pages.items() for address, text in seen.items()
    }
    assert await validator.errors(texts) == []


@pytest.mark.parametrize("role", SHOWN)
async def test_is_accessible_and_fits_the_window(
    chromium: Browser,
    demo: Demo,
    pages: Seen,
    shots: Path | None,
    role: str | None,
) -> None:
    found = []
    async with Person.in_window(chromium, demo, role) as person:
        # Loaded anew: Chromium may keep colours when the scheme of a live page changes.
        for (size, scheme), address in product(LOOKS, pages[role]):
            await person.look(size, scheme)
            await person.page.goto(address)
            if shots:
                name = address.strip("/").replace("/", "-") or "home"
                path = shots / f"{role or 'visitor'}-{name}-{size[0]}.png"
                await person.page.screenshot(path=path)
            found += [f"{address} {size}: {fault}" for fault in await faults_of(person.page)]
    assert found == []


@pytest.mark.parametrize("language", OTHER_LOOKS)
@pytest.mark.parametrize("role", SAMPLE)
async def test_is_so_in_other_languages_and_looks(
    chromium: Browser, demo: Demo, role: str, language: str
) -> None:
    found = []
    async with Person.in_window(chromium, demo, role, locale=language) as person:
        for path in SAMPLE[role]:
            await person.look(*OTHER_LOOKS[language])
            await person.page.goto(address_of(demo, path))
            assert await person.page.locator("html").get_attribute("lang") == language
            found += [f"{path}: {fault}" for fault in await faults_of(person.page)]
    assert found == []


async def faults_of(page: Page) -> list[str]:
    """The faults of a page: for the eye, for screen readers, and if it is magnified."""
    results = await Axe().run(page, options=ASPECTS)
    found = [f"{it['id']} {it['nodes'][0]['html'][:200]}" for it in results.response["violations"]]
    snapshot = await page.locator("body").aria_snapshot()
    found += [f"{line} has no name" for line in NAMELESS.findall(snapshot)]
    if await page.evaluate(WIDER):
        found.append("wider than the window")
    await page.set_viewport_size(MAGNIFIED)
    if await page.evaluate(STAYS_WIDER):
        found.append("wider than the window if it is magnified")
    return found


@pytest.mark.parametrize("role", SHOWN)
async def test_is_reached_by_the_keyboard(
    chromium: Browser, demo: Demo, pages: Seen, role: str | None
) -> None:
    """Each link, button and field takes the focus by Tab, in a visible way, and lets it go.

    With the colours of the system, shadows are not drawn, so that only outlines count.
    """
    async with Person.in_window(chromium, demo, role, forced_colors="active") as person:
        # What is fetched again as things happen would lose the marks of this test.
        await person.page.route("**/live", lambda route: route.abort())
        for address in pages[role]:
            await person.page.goto(address)
            unreached = await person.page.evaluate(FOCUSABLE)
            for _ in range(2 * len(unreached) + 20):
                await person.page.keyboard.press("Tab")
                focused = await person.page.evaluate(FOCUSED)
                if focused is None or focused["mark"] not in unreached:
                    continue
                unreached.remove(focused["mark"])
                assert focused["seen"], (address, focused)
                if not unreached:
                    break
            assert unreached == [], address


FOCUSABLE = """() => {
    const all = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary"
    )].filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled);
    const groups = new Set();
    return all.filter((it) => {
        if (it.type !== "radio") return true;
        const first = !groups.has(it.name);
        groups.add(it.name);
        return first;
    }).map((it, number) => {
        it.dataset.mark = it.type === "radio" ? `radio ${it.name}` : `${number}`;
        if (it.type === "radio") {
            document.querySelectorAll(`[name="${it.name}"]`).forEach((other) => {
                other.dataset.mark = it.dataset.mark;
            });
        }
        return it.dataset.mark;
    });
}"""
"""Marks what can take the focus; of radio buttons of one name, one does."""

FOCUSED = """() => {
    const it = document.activeElement;
    if (!it || it === document.body) return null;
    let shown = it;
    const style = () => getComputedStyle(shown);
    const visible = () => (style().outlineStyle !== "none" && parseFloat(style().outlineWidth) > 0)
        || style().boxShadow !== "none";
    let seen = visible();
    for (let level = 0; !seen && level < 3 && shown.parentElement; level += 1) {
        shown = it.nextElementSibling && level === 0 ? it.nextElementSibling : shown.parentElement;
        seen = visible();
    }
    return { mark: it.dataset.mark, seen, html: it.outerHTML.slice(0, 200) };
}"""
