"""Letters: one content, as text and as HTML, in the language of the recipient."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from app.core.catalogues import LANGUAGES
from app.core.config import Colour
from app.core.mail import Mail
from app.services.letters import ACCENTS, ISOLATE, POP, Hyperlink, Letter, Letterhead, Note
from tests.core.settings import development

HEAD = Letterhead.of(development(public_url="https://cleaning.example/"))
LINK = "https://cleaning.example/verify-email#token=abc"
LETTER = Letter(
    "Good news",
    ["First paragraph.", f"{'word ' * 30}end."],
    facts={"Network": "2001:db8:1::/48"},
    items=[Hyperlink("Ben has offered 40 €.", "https://cleaning.example/jobs/1")],
    action=Hyperlink("Confirm", LINK),
    notes=[Note("It expires."), Note("If not:", "https://cleaning.example/reset-password")],
    footer=[Hyperlink("Choose your mails", "https://cleaning.example/notifications")],
)
TEXT = f"""\
Hello anna,

First paragraph.

{"word " * 14}word
{"word " * 14}word
end.

    Network: 2001:db8:1::/48

Ben has offered 40 €.
https://cleaning.example/jobs/1

Confirm

{LINK}

If the page asks for a code, enter this one:

abc

It expires.

If not:

https://cleaning.example/reset-password

Sweep
Choose your mails: https://cleaning.example/notifications
Imprint: https://cleaning.example/imprint
"""


def written(letter: Letter, language: str | None = None, *, username: str = "anna") -> Mail:
    head = HEAD._replace(has_imprint=True)
    return head.writer("anna@example.com", username, language).mail(letter)


class TestALetter:
    def test_is_the_same_as_text_and_as_html(self) -> None:
        mail = written(LETTER)
        assert (mail.recipient, mail.subject) == ("anna@example.com", "Good news")
        assert mail.body == TEXT
        shown = re.sub(r"<[^>]*>", " ", mail.html) + " ".join(re.findall('href="(.*?)"', mail.html))
        assert [word for word in TEXT.split() if word.removesuffix(":") not in shown] == []

    def test_is_in_the_language_of_its_recipient_or_of_the_market(self) -> None:
        head = HEAD._replace(language="de")
        mails = [
            head.writer("anna@example.com", "anna", language).mail(Letter("Good news"))
            for language in ("fr", None, "nl")
        ]
        assert [mail.body.splitlines()[0] for mail in mails] == [
            "Bonjour anna,",
            "Hallo anna!",
            "Hallo anna!",
        ]
        assert [mail.headers["Content-Language"] for mail in mails] == ["fr", "de", "de"]

    def test_escapes_values_in_html(self) -> None:
        hostile = "<img src=//evil.example>"
        letter = replace(LETTER, subject=hostile, items=[Hyperlink(hostile, "https://a.example")])
        mail = written(letter, username=hostile)
        assert "<img" not in mail.html
        assert mail.html.count("&lt;img") == 4  # the title, the heading, the salutation, the item
        assert f"Hello {hostile}," in mail.body

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_its_language_and_direction(self, language: str) -> None:
        direction = "rtl" if language == "ar" else "ltr"
        attributes = f'lang="{language}" dir="{direction}"'
        assert written(LETTER, language).html.count(attributes) == 2

    def test_keeps_values_of_the_other_direction_apart(self) -> None:
        german, arabic = (HEAD.writer("anna@example.com", "anna", it) for it in ("de", "ar"))
        assert german.isolated("anna") == "anna"
        assert german.isolated("بيت") == f"{ISOLATE}بيت{POP}"
        assert f"{ISOLATE}anna{POP}" in arabic.mail(LETTER).body

    def test_loads_nothing_from_elsewhere(self) -> None:
        html = written(LETTER).html
        assert [it for it in ("src=", "url(", "@import", "<link", "<script") if it in html] == []

    def test_has_times_with_the_zone_of_the_market(self) -> None:
        head = HEAD._replace(zone=ZoneInfo("Europe/Berlin"))
        writer = head.writer("anna@example.com", "anna", "de")
        shown = writer.formats.zoned(datetime(2026, 11, 28, 19, 2, tzinfo=UTC))
        assert shown == "28. Nov. 2026, 20:02 (Mitteleuropäische Normalzeit)"


def test_each_colour_can_be_read_in_both_schemes() -> None:
    """The text of the button on its colour, and links on the surface (WCAG 2.2, 1.4.3)."""
    assert ACCENTS.keys() == set(get_args(Colour))
    for accent in ACCENTS.values():
        for colours in ((accent.light, "#ffffff"), (accent.light, "#fbf9f4")):
            assert contrast(*colours) >= 4.5
        for background in ("#0c1616", "#141f1f"):
            assert contrast(accent.dark, background) >= 4.5


def contrast(*colours: str) -> float:
    """The contrast of two colours (WCAG 2.2)."""
    darker, lighter = sorted(map(luminance, colours))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
