"""The market as its pages show it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.requests import Request

from app.core.catalogues import LANGUAGES, direction
from app.core.config import PNG, Settings
from app.core.formats import Formats
from app.core.languages import Languages
from app.web.assets import Asset
from app.web.categories import Categories
from app.web.forms import LABELS
from app.web.plain import PlainPages
from app.web.rendering import Renderer


class Site:
    """The market, with the renderers of its pages.

    Args:
        settings: The settings.
        said: What pages say about changes, by code.
    """

    def __init__(self, settings: Settings, said: Mapping[str, str]) -> None:
        self.name = settings.market_name
        self._public_url = settings.public_url.rstrip("/")
        self.currency = settings.currency
        self.languages: Languages = settings.market_languages
        self.zone = ZoneInfo(settings.time_zone)
        self.session_lifetime = timedelta(days=settings.session_days)
        self.colour = settings.market_colour
        self.logo = logo(settings.market_logo)
        self.imprint = paragraphs(settings.imprint_file)
        self.terms = paragraphs(settings.terms_file)
        self.categories = Categories()
        self.plain = PlainPages(settings)
        self._said = said
        self.renderer = cache(self._renderer)

    def _renderer(self, language: str) -> Renderer:
        """The renderer of pages in a language."""
        market = {
            "market": self,
            "labels": LABELS,
            "language": language,
            "languages": LANGUAGES,
            "text_languages": self._text_languages(language),
            "direction": direction(language),
        }
        return Renderer(language, self.zone, self.currency, market)

    def _text_languages(self, language: str) -> dict[str, str]:
        """The languages that texts are mostly in: those of the pages and of the market, by code.

        Args:
            language: The language of the names of those that are not of the pages.
        """
        name = Formats(language, self.zone, self.currency).language
        codes = (*LANGUAGES, self.languages.default, *self.languages.searched)
        return {code: LANGUAGES.get(code) or name(code) for code in codes}

    def address(self, request: Request) -> str:
        """The address of the market, without a path.

        Args:
            request: A request to it, whose address counts unless `PUBLIC_URL` is set.
        """
        return self._public_url or str(request.base_url).rstrip("/")

    def said(self, code: str | None) -> str | None:
        """What pages say about a change, in the language of the source; None for unknown codes."""
        return self._said.get(code) if code else None

    def demand_known(self, code: str) -> None:
        """Refuses a code that no page has declared.

        Raises:
            KeyError: It is unknown.
        """
        self._said[code]


def logo(file: Path | None) -> Asset | None:
    """The logo of a market, if it has one."""
    if file is None:
        return None
    return Asset(file, "logo.png" if file.read_bytes().startswith(PNG) else "logo.svg")


def paragraphs(file: Path | None) -> list[str]:
    """The paragraphs of a text, between empty lines; none without a file."""
    if file is None:
        return []
    return [part.strip() for part in file.read_text().split("\n\n") if part.strip()]
