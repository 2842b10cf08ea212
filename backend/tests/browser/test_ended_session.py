"""A form with pictures that is sent after the end of the session."""

from playwright.async_api import Browser, expect

from tests.browser.people import Demo, Person
from tests.pictures import JPEG, picture

PHOTO_SIZE = 5_000_000  # bytes


async def test_keeps_the_text_of_a_message_with_photos(chromium: Browser, demo: Demo) -> None:
    form = "/messages/{cleaning_id}/{cleaner_id}/photos".format(**demo.places)
    photo = picture() + bytes(PHOTO_SIZE)
    async with Person.in_window(chromium, demo, "customer") as person:
        page = person.page
        await page.goto(form)
        await page.locator("#text").fill("The window")
        await page.locator("#uploads").set_input_files(
            {"name": "window.jpg", "mimeType": JPEG, "buffer": photo}
        )
        await page.context.clear_cookies()
        await page.locator("main button.primary").click()
        await expect(page.locator("main")).to_contain_text("What you entered is kept")
        await page.locator("#username").fill(demo.usernames["customer"])
        await page.locator("#password").fill(demo.password)
        await page.locator("main button.primary").click()
        await page.get_by_role("button", name="Continue").click()
        await expect(page.locator("#text")).to_have_value("The window")
        await expect(page.locator("#uploads-problem")).to_have_text("Choose a picture.")
