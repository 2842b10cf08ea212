"""Letters in HTML, as mail programs with a browser engine show them."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from app.db.models.notices import Notice
from app.services.letters import Hyperlink, Letterhead, LetterWriter, Note
from app.services.notice_letters import IF_NOT_YOU, LETTERS
from tests.browser.test_every_page import ASPECTS, WIDER
from tests.browser.validator import Validator
from tests.core.settings import development

URL = "https://cleaning.example"
HEAD = Letterhead.of(development(public_url=URL))._replace(has_imprint=True)
LOOKS: tuple[tuple[int, Any], ...] = tuple(product((390, 600), ("light", "dark")))
FONT_SIZES = """
() => [...document.querySelectorAll("body *")].map(it => parseFloat(getComputedStyle(it).fontSize))
"""


def letter(language: str) -> str:
    """A letter with all that letters can have."""
    writer: LetterWriter = HEAD.writer("anna@example.com", "anna", language)
    note = Note(writer.text(IF_NOT_YOU), f"{URL}/reset-password")
    content = writer.letter(
        LETTERS[Notice.REMOVAL_REQUESTED],
        note,
        url=f"{URL}/keep-second-factor#token={'x' * 86}",
        due_at="2026-12-01",
    )
    items = [Hyperlink(f"Ben: {price} €", f"{URL}/jobs/{price}") for price in (40, 55)]
    footer = [Hyperlink("notifications", f"{URL}/notifications")]
    return writer.mail(replace(content, items=items, footer=footer)).html


async def test_are_accessible_and_fit_the_window(chromium: Browser, shots: Path | None) -> None:
    for (width, scheme), language in product(LOOKS, ("en", "de", "ar")):
        page = await chromium.new_page(viewport={"width": width, "height": 900})
        await page.emulate_media(color_scheme=scheme)
        await page.set_content(letter(language))
        if shots:
            await page.screenshot(path=shots / f"letter-{language}-{width}-{scheme}.png")
        results = await Axe().run(page, options=ASPECTS)
        assert results.response["violations"] == []
        assert not await page.evaluate(WIDER)
        assert min(await page.evaluate(FONT_SIZES)) >= 16
        await page.close()


async def test_are_valid(validator: Validator) -> None:
    assert await validator.errors({it: letter(it) for it in ("en", "ar")}) == []
