"""A job is posted, offered for and booked by the keyboard alone."""

import re
from contextlib import AsyncExitStack

from playwright.async_api import Browser, Page, expect

from tests.browser.people import Demo, Person

MOST_TABS = 120
IS_FOCUSED = "(selector) => document.activeElement.matches(selector)"


async def reach(page: Page, selector: str) -> None:
    """Presses Tab until the focus is at an element."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate(IS_FOCUSED, selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


async def enter(page: Page, selector: str, text: str) -> None:
    """Replaces what is entered in a field."""
    await reach(page, selector)
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)


async def post_a_job(page: Page, name: str) -> str:
    """Posts a job; returns the address of its page."""
    await page.goto("/jobs")
    await reach(page, "header a[href='/jobs/new']")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/jobs/new$"))
    await enter(page, "#name", name)
    await enter(page, "#price", "45")
    await reach(page, "form.long-form button.primary")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text(name)
    return page.url


async def make_an_offer(page: Page, job: str) -> None:
    """Makes an offer below the price of the job."""
    await page.goto(job)
    await enter(page, "form[action$='/offers'] #price", "40")
    await reach(page, "form[action$='/offers'] button.primary")
    await page.keyboard.press("Space")
    await expect(page.locator(".own-offer")).to_contain_text("40")


async def accept_it(page: Page) -> None:
    """Accepts the offer that has appeared on the page, after a second thought."""
    link, dialog = page.locator("a[href$='/acceptance']"), page.locator("dialog[open]")
    await expect(link).to_be_visible()
    await reach(page, "a[href$='/acceptance']")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(link).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_visible()
    await reach(page, "dialog form[action$='/acceptance'] button.primary")
    await page.keyboard.press("Enter")


async def test_a_job_is_booked(chromium: Browser, demo: Demo) -> None:
    async with AsyncExitStack() as windows:
        customer, cleaner = [
            (await windows.enter_async_context(Person.in_window(chromium, demo, role))).page
            for role in ("customer", "cleaner")
        ]
        job = await post_a_job(customer, "Windows of the tower")
        await make_an_offer(cleaner, job)
        await accept_it(customer)
        await expect(customer).to_have_url(re.compile("/bookings/"))
        await expect(customer.locator("main")).to_contain_text("Windows of the tower")
        await cleaner.goto(customer.url)
        await expect(cleaner.locator("main")).to_contain_text("€40")
