"""Authentication by the cookie of the pages."""

from contextlib import suppress
from time import monotonic

from app.core.clients import Client
from app.core.errors import Unavailable
from app.core.security.tokens import Bearer, opaque_token_hash
from app.db.models.sessions import Lifetimes
from app.db.repositories.session_cookies import KnownCookie, SessionCookies
from app.postgres.statements import Source

MOST_KNOWN = 4096
EXTENDED_EVERY = 3600
"""Seconds after which the session of a cookie in use is extended."""


class KnownCookies:
    """Finds the sessions of cookies.

    The session of a cookie never changes, so this process caches it. Its validity is checked by the
    statements of each request, as for access tokens.

    Args:
        lifetimes: By which sessions in use are extended.
    """

    def __init__(self, lifetimes: Lifetimes) -> None:
        self._lifetimes = lifetimes
        self._known: dict[bytes, KnownCookie] = {}

    def knows(self, value: str) -> bool:
        """Whether this process has looked up a cookie before."""
        return opaque_token_hash(value) in self._known

    async def find(self, value: str, client: Client, source: Source) -> Bearer:
        """Returns the account and the session of a cookie, and extends the session now and then.

        Args:
            value: The value of the cookie.
            client: The origin of the request.
            source: Looks up the session, and extends it.

        Raises:
            Unauthenticated: There is no such session.
        """
        cookie_hash = opaque_token_hash(value)
        known = self._known.get(cookie_hash)
        if known is None:
            known = self._remember(cookie_hash, await SessionCookies(source).find(cookie_hash))
        if monotonic() >= known.marked_at + EXTENDED_EVERY:
            known.marked_at = monotonic()
            with suppress(Unavailable):  # no request fails for that
                await SessionCookies(source).extend(known, client, self._lifetimes)
        return known.bearer

    def forget(self, value: str) -> None:
        """Has a cookie looked up again, since its session has ended."""
        self._known.pop(opaque_token_hash(value), None)

    def _remember(self, cookie_hash: bytes, cookie: KnownCookie) -> KnownCookie:
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return self._known.setdefault(cookie_hash, cookie)
