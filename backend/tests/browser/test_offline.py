"""The service worker, and its page for the time without a connection."""

from playwright.async_api import Browser, expect

from tests.browser.people import Demo, Person

KEPT = """
async () => {
  await navigator.serviceWorker.ready;
  return (await caches.match("/offline")).text();
}
"""


async def test_pages_say_once_what_has_changed(chromium: Browser, demo: Demo) -> None:
    async with Person.in_window(chromium, demo, "customer") as customer:
        page = customer.page
        await page.goto("/account/profile")
        await page.evaluate(KEPT)
        await page.locator("main form button.primary").click()
        await expect(page.locator(".said")).to_be_visible()
        await page.goto("/mine")
        await expect(page.locator(".said")).to_have_count(0)


async def test_is_kept_as_visitors_see_it(chromium: Browser, demo: Demo) -> None:
    async with Person.in_window(chromium, demo, "customer") as customer:
        state = await customer.page.context.storage_state()
    # This window has no worker of the time before the login.
    async with Person.in_window(chromium, demo, storage_state=state) as person:
        page = person.page
        await page.goto("/mine")
        kept = await page.evaluate(KEPT)
        assert "/logout" not in kept
        assert demo.usernames["customer"] not in kept
        await page.context.set_offline(True)
        await page.goto("/mine")
        await expect(page.locator("h1")).to_have_text("No connection")
