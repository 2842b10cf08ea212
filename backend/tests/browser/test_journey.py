"""A job from its posting to the reviews, by three people in three windows."""

import re
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import Demo, Person


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_three_people_do_all_of_it(
    chromium: Browser, demo: Demo, *, scripts: bool, language: str
) -> None:
    options = {"java_script_enabled": scripts, "locale": language}
    async with AsyncExitStack() as windows:
        customer, cleaner, staff = [
            await windows.enter_async_context(Person.in_window(chromium, demo, role, **options))
            for role in ("customer", "cleaner", "staff")
        ]
        job = await post_a_job(customer, f"Windows {language} {scripts}")
        await make_an_offer(cleaner, job)
        booking = await accept_it(customer, job)
        await do_the_work(customer, cleaner, booking)
        await hide_the_job(staff, job)


async def post_a_job(customer: Person, name: str) -> str:
    """Posts a job, after a try without a price; returns the path of its page."""
    page = customer.page
    await page.goto("/jobs/new")
    await page.locator("#name").fill(name)
    await page.locator("form.long-form button.primary").click()
    await expect(page.locator("#price-problem")).to_be_visible()
    await expect(page.locator("#name")).to_have_value(name)
    await page.locator("#price").fill("45")
    await page.locator("form.long-form button.primary").click()
    await expect(page).to_have_url(re.compile(r"/jobs/[0-9a-f-]{36}$"))
    await expect(page.locator("h1")).to_have_text(name)
    return page.url


async def make_an_offer(cleaner: Person, job: str) -> None:
    """Makes an offer below the price of the job."""
    page = cleaner.page
    await page.goto(job)
    form = page.locator("form[action$='/offers']")
    await form.locator("#price").fill("40")
    await form.locator("button.primary").click()
    await expect(page.locator(".own-offer")).to_contain_text("40")


async def accept_it(customer: Person, job: str) -> str:
    """Accepts the offer; returns the path of the page of the booking."""
    page = customer.page
    await page.goto(job)
    await page.locator("a[href$='/acceptance']").click()
    await page.locator("form[action$='/acceptance'] button.primary").click()
    await expect(page).to_have_url(re.compile("/bookings/"))
    return page.url


async def do_the_work(customer: Person, cleaner: Person, booking: str) -> None:
    """Reports the work done and confirms it; both sides review each other."""
    await cleaner.page.goto(booking)
    await cleaner.page.locator("form[action$='/completion-report'] button").click()
    await expect(cleaner.page.locator("form[action$='/completion-report']")).to_have_count(0)
    await customer.page.goto(booking)
    await customer.page.locator("form[action$='/completion'] button").click()
    await expect(customer.page.locator("form[action$='/evaluation']")).to_be_visible()
    for person in (customer, cleaner):
        page = person.page
        await page.goto(f"{booking}/evaluation")
        await page.locator("input[name='overall_rating'][value='5']").check(force=True)
        await page.locator("form[action$='/evaluation'] button.primary").click()
        await expect(page).to_have_url(booking)


async def hide_the_job(staff: Person, job: str) -> None:
    """Hides the job, whose page is gone for staff, too."""
    page = staff.page
    await page.goto(job)
    await page.locator("a[href*='/hiding?']").first.click()
    form = page.locator("form[action$='/hiding']")
    await form.locator("textarea").fill("A test.")
    await form.locator("button.primary, button.danger").first.click()
    await expect(page.locator("form[action$='/hiding']")).to_have_count(0)
    response = await page.goto(job)
    assert response
    assert response.status == 404
