"""What the script of the pages adds to them."""

from uuid import UUID

import asyncpg
from playwright.async_api import Browser, expect

from app.web.order_forms import MOST_OFFERED
from tests.browser.people import Demo, Person

CLICK_TWICE = """form => {
    let sent = 0;
    document.addEventListener("submit", event => {  // behind the listener of the page
        sent += !event.defaultPrevented;
        event.preventDefault();
    });
    for (const _ of [1, 2]) form.requestSubmit();
    return sent;
}"""
"""Clicks twice on the button of a form, and says how often it would be sent.

Chromium itself sends a form once, unlike other browsers.
"""
COPIES = """
INSERT INTO packages
SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'name', 'Copy'))).*
FROM packages p, generate_series(1, $2) WHERE p.id = $1
"""
"""Makes so many copies of a package, of the same cleaner."""


async def test_a_mailed_link_fills_in_the_form_that_is_open(visitor: Person) -> None:
    page = visitor.page
    await page.goto("/reset-password")
    await page.goto("/reset-password#token=abc")  # changes the part behind # alone
    await expect(page.locator("#token")).to_have_value("abc")
    await expect(page.locator("#password")).to_be_focused()
    assert "token" not in page.url


async def test_the_extras_of_a_category_appear_as_it_is_chosen(
    chromium: Browser, demo: Demo
) -> None:
    async with Person.in_window(chromium, demo, "customer") as customer:
        await customer.page.goto("/jobs/new")
        await customer.page.locator("#category").select_option("window-cleaning")
        await expect(customer.page.locator(".extras")).to_be_visible()


async def test_the_second_click_on_a_button_sends_nothing(chromium: Browser, demo: Demo) -> None:
    async with Person.in_window(chromium, demo, "customer") as customer:
        page = customer.page
        await page.goto("/jobs/new")
        await page.locator("#name").fill("Windows of the cellar")
        await page.locator("#price").fill("45")
        form = page.locator("form.long-form")
        assert await form.evaluate(CLICK_TWICE) == 1


async def test_packages_of_all_parts_of_a_list_are_ordered_together(
    chromium: Browser, demo: Demo
) -> None:
    first = demo.package["package_id"]
    connection = await asyncpg.connect(demo.database)
    try:
        await connection.execute(COPIES, UUID(first), 2 * MOST_OFFERED)
        async with Person.in_window(chromium, demo, "customer") as customer:
            page = customer.page
            await page.goto(f"/orders/new?package={first}")
            quantities = page.locator(".pick input")
            await quantities.nth(1).fill("2")
            await expect(page.locator(".total")).to_contain_text("135")
            await page.locator("a[data-more]").click()
            last = quantities.nth(MOST_OFFERED + 1)
            await expect(last).to_be_focused()
            await last.fill("3")
            await expect(page.locator(".total")).to_contain_text("270")
    finally:
        await connection.execute("DELETE FROM packages WHERE name = 'Copy'")
        await connection.close()
