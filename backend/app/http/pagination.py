"""How lists are asked for and answered, part by part."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.security.keys import Keyring
from app.db.models.pages import PageParameters
from app.db.repositories.pages import Page, PageRequest, SearchPage
from app.http.fastpath.early import early

SEAL_SIZE = 16  # bytes


class Cursors:
    """Writes and reads cursors: the keys of an item, sealed for the list they belong to.

    Args:
        keyring: Has the keys that seal them, so that none can be made up.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keys = list(keyring.keys("cursors").values())

    def write(self, listing: str, keys: tuple[str, ...]) -> str:
        """Returns a cursor behind the item with these keys."""
        content = orjson.dumps(keys)
        sealed = seal(self._keys[0], listing, content) + content
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, listing: str, cursor: str) -> tuple[str, ...]:
        """Returns the keys in a cursor.

        Raises:
            Invalid: It was not written for this list.
        """
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            sealed = b""
        found, content = sealed[:SEAL_SIZE], sealed[SEAL_SIZE:]
        seals = [seal(key, listing, content) for key in self._keys]
        if not any(hmac.compare_digest(found, right) for right in seals):
            raise Invalid("The cursor belongs to another list.", field="cursor", location="query")
        return tuple(orjson.loads(content))


def seal(key: bytes, listing: str, content: bytes) -> bytes:
    """What shows that the content of a cursor was written here, for this list."""
    named = listing.encode() + b"\0" + content
    return hmac.digest(key, named, "sha256")[:SEAL_SIZE]


class Listing:
    """The list that a request asks for: its path and its filters.

    Args:
        request: The request.

    Raises:
        Invalid: Its cursor is not of this list.
    """

    def __init__(self, request: Request) -> None:
        self._cursors: Cursors = request.app.state.cursors
        filters = sorted(
            (name, value)
            for name, value in request.query_params.multi_items()
            if name not in PageParameters.model_fields
        )
        self._name = f"{request.scope['path']}?{urlencode(filters)}"
        cursor = request.query_params.get("cursor")
        self._after = None if cursor is None else self._cursors.read(self._name, cursor)

    def part(self, parameters: PageParameters) -> PageRequest:
        """Which part of the list is wanted."""
        return PageRequest(parameters.limit, self._after)

    def answer(self, page: Page) -> Response:
        """The response with a part of the list."""
        return Response(f"{{{self._content(page)}}}", media_type="application/json")

    def answer_search(self, found: SearchPage) -> Response:
        """The response with a part of a list that can be searched."""
        hint = orjson.dumps(found.hint).decode()
        content = f'{{{self._content(found.page)},"hint":{hint}}}'
        return Response(content, media_type="application/json")

    def cursor(self, page: Page) -> str | None:
        """The cursor of the next page; None if this is the last one."""
        return self._cursors.write(self._name, page.next) if page.next else None

    def _content(self, page: Page) -> str:
        cursor = self.cursor(page)
        return f'"items":[{",".join(page.items)}],"next_cursor":{orjson.dumps(cursor).decode()}'


@early
async def get_listing(request: Request) -> Listing:
    """The list that the request asks for."""
    return Listing(request)


ListingOf = Annotated[Listing, Depends(get_listing)]
