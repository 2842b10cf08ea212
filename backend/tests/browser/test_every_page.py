"""Every page, as each kind of person sees it: accessible, valid, and without violations."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ViewportSize
from starlette.routing import compile_path

from app.web.pages import ROUTES
from app.web.routing import Access
from tests.browser.people import NARROW, WIDE, Demo, Person
from tests.browser.validator import Validator

MEMBERS = {Access.VISITORS, Access.MEMBERS, Access.RECENT}
SHOWN = {
    None: {Access.VISITORS},
    "customer": MEMBERS,
    "cleaner": MEMBERS,
    "staff": {Access.STAFF, Access.SUPERUSERS},
}
"""The pages that are looked at, by the role of the person: each that the role is made for."""
LOOKS: tuple[tuple[tuple[int, int], Any], ...] = ((WIDE, "light"), (NARROW, "dark"))
ASPECTS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
NAMELESS = re.compile(
    r"^ *- (?:button|link|textbox|searchbox|spinbutton|combobox|checkbox|radio|img)(?=:|$| \[)",
    re.MULTILINE,
)
"""What a screen reader would announce without a name."""
MAGNIFIED: ViewportSize = {"width": 320, "height": 256}
"""A window of 1,280 by 1,024 pixels at 400 % (WCAG 2.2, 1.4.10)."""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def addresses(demo: Demo, role: str | None) -> Iterator[str]:
    """The addresses of pages, with ids of the market, and one of a page that there is not."""
    yield "/nowhere"
    if role == "cleaner":
        yield f"/report?about=/jobs/{demo.places['cleaning_id']}"
    paths = [it.path for it in ROUTES if it.method == "GET" and it.access in SHOWN[role]]
    for path in paths:
        _, shape, parameters = compile_path(path)
        places = demo.places | (demo.booking if "booking_id" in parameters else {})
        yield shape.format(**{name: places[name] for name in parameters})


@pytest.mark.parametrize("role", SHOWN)
async def test_is_accessible_and_fits_the_window(
    chromium: Browser, demo: Demo, shots: Path | None, role: str | None
) -> None:
    found = []
    async with Person.in_window(chromium, demo, role) as person:
        # Loaded anew: Chromium may keep colours when the scheme of a live page changes.
        for (size, scheme), address in product(LOOKS, addresses(demo, role)):
            await person.look(size, scheme)
            response = await person.page.goto(address)
            assert response
            assert response.status < 500, address
            if shots:
                name = address.strip("/").replace("/", "-") or "home"
                path = shots / f"{role or 'visitor'}-{name}-{size[0]}.png"
                await person.page.screenshot(path=path)
            results = await Axe().run(person.page, options=ASPECTS)
            found += [
                f"{address} {scheme}: {it['id']} {it['nodes'][0]['html'][:200]}"
                for it in results.response["violations"]
            ]
            snapshot = await person.page.locator("body").aria_snapshot()
            found += [f"{address}: {line} has no name" for line in NAMELESS.findall(snapshot)]
            if await person.page.evaluate(WIDER):
                found.append(f"{address} {size}: wider than the window")
            await person.page.set_viewport_size(MAGNIFIED)
            if await person.page.evaluate(WIDER):
                found.append(f"{address} {size}: wider than the window if it is magnified")
    assert found == []


@pytest.mark.parametrize("role", SHOWN)
async def test_is_valid(
    chromium: Browser, demo: Demo, validator: Validator, role: str | None
) -> None:
    texts = {}
    async with Person.in_window(chromium, demo, role) as person:
        for address in addresses(demo, role):
            response = await person.page.context.request.get(
                address, headers={"Accept": "text/html"}
            )
            texts[address] = await response.text()
    assert await validator.errors(texts) == []


@pytest.mark.parametrize("role", SHOWN)
async def test_is_reached_by_the_keyboard(chromium: Browser, demo: Demo, role: str | None) -> None:
    """Each link, button and field takes the focus by Tab, in a visible way, and lets it go.

    With the colours of the system, shadows are not drawn, so that only outlines count.
    """
    async with Person.in_window(chromium, demo, role, forced_colors="active") as person:
        # What is fetched again as things happen would lose the marks of this test.
        await person.page.route("**/live", lambda route: route.abort())
        for address in addresses(demo, role):
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
