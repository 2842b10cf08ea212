"""The languages of the pages: the conventions of their locales, and the choice for a request."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from starlette.requests import Request

from app.core.catalogues import accepted, spoken
from app.web.cookies import LANGUAGE

LOCALES: Mapping[str, str] = {"en": "en_GB"}
"""The locales of dates and numbers, where they are not those of the language alone."""


@cache
def locale_of(language: str) -> Locale:
    """The conventions for dates and numbers of a language."""
    return Locale.parse(LOCALES.get(language, language))


def chosen(request: Request, preferred: str | None, default: str) -> str:
    """The language of a page.

    Args:
        request: The request, with its cookie and `Accept-Language`.
        preferred: The language of the account, if it has chosen one.
        default: The language of the market.
    """
    browser = accepted(request.headers.get("accept-language", ""))
    return spoken(preferred, request.cookies.get(LANGUAGE), *browser, default)
