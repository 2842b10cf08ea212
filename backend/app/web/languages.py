"""The languages of the pages: their translations, and the choice for a request."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from starlette.requests import Request

CATALOGUES = Path(__file__).parent / "locale"
SOURCE = "en"
"""The language of the texts in the source."""
LOCALES: Mapping[str, str] = {
    "en": "en_GB",
    "de": "de",
    "es": "es",
    "fr": "fr",
    "ko": "ko",
    "ar": "ar",
}
"""The languages of the pages, with the locales of their dates and numbers."""
COOKIE = "language"


def N_(text: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks a text that is translated where it is shown."""
    return text


@cache
def locale_of(language: str) -> Locale:
    """The conventions for dates and numbers of a language."""
    return Locale.parse(LOCALES[language])


class Catalogue(NullTranslations):
    """The translations into a language.

    Args:
        language: The language; the source language has no catalogue.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._plural: Any = lambda number: int(number != 1)
        self._texts: dict[str, Any] = {}
        if language == SOURCE:
            return
        with (CATALOGUES / language / "messages.po").open("rb") as file:
            catalogue = read_po(file, locale=language)
        self._plural = catalogue.plural_func  # type: ignore[attr-defined]
        self._texts = {_key(message.id): message.string for message in catalogue if message.id}

    def gettext(self, message: str) -> str:
        """The translation of a text."""
        found = self._texts.get(message)
        return found if isinstance(found, str) and found else message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The translation of a text with a number."""
        forms = self._texts.get(singular)
        if isinstance(forms, str) or not forms:
            return singular if number == 1 else plural
        return str(forms[self._plural(number)])


def _key(message_id: Any) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


@cache
def catalogue_of(language: str) -> Catalogue:
    """The translations into a language."""
    return Catalogue(language)


def chosen(request: Request, preferred: str | None, default: str) -> str:
    """The language of a page.

    Args:
        request: The request, with its cookie and `Accept-Language`.
        preferred: The language of the account, if it has chosen one.
        default: The language of the market.
    """
    wanted = [preferred, request.cookies.get(COOKIE), *accepted(request), default]
    return next((it for it in wanted if it is not None and it in LOCALES), SOURCE)


def accepted(request: Request) -> list[str]:
    """The languages of `Accept-Language`, without regions, the best first (RFC 9110, 12.5.4)."""
    ranked: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0:
            ranked.append((-quality, tag.partition("-")[0].lower()))
    return [language for _, language in sorted(ranked, key=lambda it: it[0])]
