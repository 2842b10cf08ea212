"""Pages that change as things happen, in windows of several people."""

import re
from contextlib import AsyncExitStack

from playwright.async_api import Browser, Page, expect

from tests.browser.people import Demo, Person
from tests.browser.test_journey import make_an_offer, post_a_job

SOON = 2_000  # milliseconds


async def unread(page: Page) -> int:
    """The number at the bell."""
    count = page.locator("#bell .count")
    return int((await count.inner_text()).split()[0]) if await count.count() else 0


async def test_an_offer_and_its_acceptance_appear_on_pages_that_are_open(
    chromium: Browser, demo: Demo
) -> None:
    async with AsyncExitStack() as windows:
        customer, cleaner, rival = [
            await windows.enter_async_context(Person.in_window(chromium, demo, role))
            for role in ("customer", "cleaner", "staff")
        ]
        await demo.settle()  # the logins, too
        page, offers = customer.page, customer.page.locator("#offers article")
        job = await post_a_job(customer, "Windows of the attic")
        other, idle = [await page.context.new_page() for _ in range(2)]
        await other.goto("/notifications")
        await idle.goto("/earnings")
        before = await unread(page)

        await make_an_offer(cleaner, job)
        await expect(offers).to_have_count(1, timeout=SOON)
        for each in (page, other, idle):
            await expect(each.locator("#bell .count")).to_contain_text(str(before + 1))
        await expect(page.locator("#told")).to_contain_text(str(before + 1))
        await expect(other.locator("#results article").first).to_contain_text("of the attic")

        acceptance = offers.locator("a[href$='/acceptance']")
        await acceptance.focus()
        link = await acceptance.get_attribute("href")
        await make_an_offer(rival, job)
        await expect(offers).to_have_count(2, timeout=SOON)
        await expect(page.locator(f"a[href='{link}']")).to_be_focused()

        question = cleaner.page.locator("#questions textarea")
        await question.press_sequentially("How many?")
        await page.locator(f"a[href='{link}']").click()
        await page.locator("form[action$='/acceptance'] button.primary").click()
        await expect(page).to_have_url(re.compile("/bookings/"))
        await expect(cleaner.page.locator("#own-offer .badge.good")).to_be_visible(timeout=SOON)
        await expect(cleaner.page.locator("#state .state-booked")).to_be_visible()
        await expect(question).to_have_value("How many?")
        await expect(question).to_be_focused()


async def test_messages_appear_in_a_thread_that_is_open(chromium: Browser, demo: Demo) -> None:
    thread = "/messages/{cleaning_id}/{cleaner_id}".format_map(demo.places)
    async with AsyncExitStack() as windows:
        customer, cleaner = [
            await windows.enter_async_context(Person.in_window(chromium, demo, role))
            for role in ("customer", "cleaner")
        ]
        page, writing = customer.page, cleaner.page
        await page.goto(thread)
        for text in ("The first of two", "The second of two"):
            await writing.goto(thread)
            await writing.locator("#text").fill(text)
            async with page.expect_response(f"**{thread}/read-mark"):
                await writing.locator(f"form[action='{thread}'] button.primary").click()
            await expect(page.locator("#results article").first).to_contain_text(text, timeout=SOON)
        await page.goto("/messages")
        card = page.locator("article", has=page.locator(f"a[href='{thread}']"))
        await expect(card).to_contain_text("The second of two")
        await expect(card.locator(".badge")).to_have_count(0)
