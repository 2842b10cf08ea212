"""Nothing on a page moves while it loads (W3C, Layout Instability)."""

import pytest
from playwright.async_api import Browser

from tests.browser.people import NARROW, WIDE, Demo, Person

OBSERVER = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((it) => it.value)))
    .observe({ type: "layout-shift", buffered: true });
"""
TO_THE_END = "() => document.scrollingElement.scrollTo({ top: document.body.scrollHeight })"
MOVE = """() => {
    const added = document.createElement("p");
    added.textContent = "added";
    document.querySelector("main").prepend(added);
}"""

SHIFTED = """() => new Promise((resolve) => {
    const look = () => (window.shifts.length ? resolve() : requestAnimationFrame(look));
    look();
})"""
"""Waits in the page itself: its CSP forbids what `wait_for_function` evaluates repeatedly."""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("role", [None, "customer", "cleaner"])
async def test_jobs_and_a_job_stay_where_they_are(
    chromium: Browser, demo: Demo, role: str | None, size: tuple[int, int]
) -> None:
    async with Person.in_window(chromium, demo, role, size=size) as person:
        page = person.page
        await page.add_init_script(OBSERVER)
        for address in ("/jobs", f"/jobs/{demo.places['cleaning_id']}"):
            await page.goto(address, wait_until="networkidle")
            await page.evaluate(TO_THE_END)  # images below the window load now
            await page.wait_for_load_state("networkidle")
            assert await page.evaluate("window.shifts") == [], address
        await page.evaluate("() => scrollTo({ top: 0 })")
        await page.evaluate(MOVE)
        await page.evaluate(SHIFTED)
