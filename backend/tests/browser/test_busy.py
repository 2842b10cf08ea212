"""A form that is sent while the service is busy."""

import asyncpg
import pytest
from playwright.async_api import Browser, expect

from app.core.config import Settings
from tests.browser.people import Demo, Person
from tests.server import dsn


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_is_sent_again_with_what_was_entered(
    chromium: Browser, demo: Demo, demo_database: Settings, *, scripts: bool
) -> None:
    text, options = f"With scripts: {scripts}", {"java_script_enabled": scripts}
    connection = await asyncpg.connect(dsn(demo_database.sqlalchemy_url))
    async with Person.in_window(chromium, demo, "customer", **options) as customer:
        page = customer.page
        await page.goto("/account/profile")
        await page.locator("#bio").fill(text)
        save = page.locator("form[action='/account/profile'] button.primary")
        async with connection.transaction():
            await connection.execute("LOCK TABLE profiles IN EXCLUSIVE MODE")
            await save.click()
            await expect(page.locator("#busy h1")).to_have_text("Back in a moment")
        if scripts:
            await page.locator("#busy [data-close]").click()
            await expect(page.locator("#busy")).to_have_count(0)
            await expect(page.locator("#bio")).to_have_value(text)
            await save.click()
        else:
            await page.reload()
        await expect(page.locator(".said")).to_be_visible()
        await expect(page.locator("#bio")).to_have_value(text)
    await connection.close()
