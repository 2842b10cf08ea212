"""The context of a request for a page: its address, its language, and the parts of the service."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request

from app.core.clients import Client
from app.http.clients import client_of, is_fetched
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards
from app.web.languages import chosen
from app.web.rendering import Renderer
from app.web.sites import Site

Value = TypeVar("Value", bound=str)
Options = list[tuple[str, str]]
"""The values of a choice, with the words for them."""


class Context:
    """The context of a request for a page.

    Args:
        request: The request.
        site: The market.
    """

    def __init__(self, request: Request, site: Site) -> None:
        self.request, self.site = request, site
        self.language = chosen(request, None, site.languages.default)
        """The language of the page."""

    @property
    def client(self) -> Client:
        """The program that sends the request."""
        return client_of(self.request)

    @property
    def safeguards(self) -> Safeguards:
        """The protection of accounts."""
        safeguards: Safeguards = self.request.app.state.safeguards
        return safeguards

    @property
    def reads(self) -> Source:
        """Runs the reads of pages."""
        source: Source = self.request.app.state.database.reads
        return source

    @property
    def outside(self) -> Source:
        """Counts attempts outside of the transaction."""
        source: Source = self.request.app.state.database
        return source

    @property
    def transaction(self) -> Transaction:
        """The transaction of a form."""
        transaction: Transaction = self.request.state.transaction
        return transaction

    @property
    def renderer(self) -> Renderer:
        """Renders templates in the language of the page."""
        return self.site.renderer(self.language)

    @property
    def path(self) -> str:
        """The path of the page."""
        path: str = self.request.scope["path"]
        return path

    @property
    def address(self) -> str:
        """The path and the query of the page."""
        query = self.request.scope["query_string"].decode("ascii", "ignore")
        return f"{self.path}?{query}" if query else self.path

    @property
    def is_fetched(self) -> bool:
        """Whether a script fetches the page, and opens the one that it leads to afterwards."""
        return is_fetched(self.request)

    @property
    def here(self) -> str:
        """The address of the page, or of the page whose form it answers."""
        if self.request.method != "POST":
            return self.address
        try:
            page = urlsplit(self.request.headers.get("referer", ""))
        except ValueError:  # no address
            return self.path
        return f"{page.path}?{page.query}" if page.query else page.path or self.path

    def translate(self, text: str) -> str:
        """A text in the language of the page."""
        return self.renderer.gettext(text)

    def options(self, words: Mapping[Value, str]) -> Options:
        """The options of a choice, in the language of the page.

        Args:
            words: The values, with the words for them.
        """
        return [(str(value), self.translate(text)) for value, text in words.items()]
