"""What the script of the pages adds to them."""

from playwright.async_api import Browser, expect

from tests.browser.people import Demo, Person


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
