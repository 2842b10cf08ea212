"""Access tokens and refresh tokens."""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from app.core.errors import Unauthenticated
from app.core.security.keys import Keyring

ALGORITHM = "HS256"
TYPE = "at+jwt"
"""The type of access tokens, which excludes other signed tokens (RFC 9068, 2.1)."""
ISSUER = AUDIENCE = "cleaning-marketplace"
CLAIMS = ["iss", "aud", "sub", "sid", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """The content of an access token: the account and the session of the caller."""

    user_id: UUID
    session_id: UUID


class AccessTokens:
    """Signs and verifies the short-lived tokens of requests (RFC 7519).

    Args:
        keyring: The keys.
        lifetime: The lifetime of a token.
    """

    def __init__(self, keyring: Keyring, lifetime: timedelta) -> None:
        keys = keyring.keys("access tokens").items()
        self._keys = {urlsafe_b64encode(key_id).decode(): key for key_id, key in keys}
        self.lifetime = lifetime
        # A cache: a token is sent with many requests, and its content never changes.
        self._verified = lru_cache(maxsize=4096)(self._verify)

    def issue(self, bearer: Bearer) -> str:
        """A signed token for a session."""
        import jwt  # slow to import, and not needed in all processes

        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(bearer.user_id),
            "sid": str(bearer.session_id),
            "iat": now,
            "exp": now + self.lifetime,
        }
        key_id, key = next(iter(self._keys.items()))
        return jwt.encode(claims, key, ALGORITHM, {"typ": TYPE, "kid": key_id})

    def read(self, token: str) -> Bearer:
        """Verifies a token and returns its content.

        Raises:
            Unauthenticated: The token is invalid or expired.
        """
        bearer, expires_at = self._verified(token)
        if expires_at <= time.time():
            raise Unauthenticated
        return bearer

    def _verify(self, token: str) -> tuple[Bearer, float]:
        import jwt  # see issue()

        try:
            header = jwt.get_unverified_header(token)
            if header["typ"] != TYPE:
                raise Unauthenticated
            claims = jwt.decode(
                token,
                self._keys[header["kid"]],
                [ALGORITHM],
                options={"require": CLAIMS},
                issuer=ISSUER,
                audience=AUDIENCE,
            )
            return Bearer(UUID(claims["sub"]), UUID(claims["sid"])), claims["exp"]
        except (jwt.InvalidTokenError, LookupError, ValueError, AttributeError) as error:
            raise Unauthenticated from error


def new_opaque_token() -> str:
    """A new refresh token, or the value of a session cookie: 256 random bits as text."""
    return secrets.token_urlsafe(32)


def opaque_token_hash(token: str) -> bytes:
    """The stored hash of such a token, which has too many bits to need a salt or a slow hash."""
    return hashlib.sha256(token.encode()).digest()
