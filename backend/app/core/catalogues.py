"""Catalogues: the languages that the service speaks, and its texts in them (gettext).

The texts in the source are English. The catalogue of another language is a file of GNU gettext,
which is read when a text is needed in that language for the first time.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from gettext import c2py
from pathlib import Path

from app.core.preferences import preferences

CATALOGUES = Path(__file__).parent / "locale"
SOURCE = "en"
"""The language of the texts in the source."""
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ko": "한국어",
    "ar": "العربية",
}
"""The languages (ISO 639-1), with their own names."""
RIGHT_TO_LEFT = frozenset({"ar"})

Translate = Callable[[str], str]
"""Translates a text of the source."""


def N_(text: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks a text that is translated where it is shown."""
    return text


class Catalogue:
    """The texts in a language. Texts that it lacks stay as they are in the source.

    Args:
        language: The language; that of the source has no file.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts: dict[str, list[str]] = {}
        self._plural: Callable[[int], int] = lambda number: int(number != 1)
        if language != SOURCE:
            self._texts = dict(entries(CATALOGUES / language / "messages.po"))
            rule = self._texts.pop("")[0].partition("plural=")[2].partition(";")[0]
            self._plural = c2py(rule)

    def gettext(self, message: str) -> str:
        """A text in the language."""
        return self._texts.get(message, [message])[0]

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form of a text for a number in the language."""
        forms = self._texts.get(singular, [singular, plural])
        return forms[self._plural(number)]


@cache
def catalogue_of(language: str) -> Catalogue:
    """The catalogue of a language, one of `LANGUAGES`."""
    return Catalogue(language)


def entries(file: Path) -> Iterator[tuple[str, list[str]]]:
    """The texts of a catalogue file: those of the source, with their forms in the language.

    Babel reads such files, too, but takes a tenth of a second for a thousand texts.

    Args:
        file: A PO file as `make messages` writes it. The text with an empty name is its header.
    """
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        name, forms, part = "", [], ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                part, line = line.split(" ", 1)  # noqa: PLW2901 (the rest is read alike)
                if part.startswith("msgstr"):
                    forms.append("")
            if part == "msgid":
                name += json.loads(line)
            elif forms:
                forms[-1] += json.loads(line)
        if forms and forms[0]:
            yield name, forms


def accepted(header: str) -> list[str]:
    """The languages of an `Accept-Language`, the best first, without regions (RFC 9110, 12.5.4)."""
    ranked = sorted(preferences(header), key=lambda it: -it[1])
    return [tag.partition("-")[0] for tag, weight in ranked if weight > 0]


def spoken(*wanted: str | None) -> str:
    """The first of some languages that the service speaks; otherwise that of the source."""
    return next((it for it in wanted if it is not None and it in LANGUAGES), SOURCE)


def direction(language: str) -> str:
    """The direction of texts in a language: the value of the attribute `dir` in HTML."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
