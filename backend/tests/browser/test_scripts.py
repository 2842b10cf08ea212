"""What the script of the pages adds to them."""

from playwright.async_api import Browser, expect

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
