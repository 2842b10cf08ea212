"""Passwords, access tokens and refresh tokens."""

import asyncio
import hashlib
import os
import secrets
import time
from base64 import b64encode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import distribution
from runpy import run_path
from uuid import UUID

import jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unauthenticated
from app.core.keys import Keyring

ALGORITHM = "HS256"
TYPE = "at+jwt"
"""Marks access tokens, so that nothing else that is signed is taken for one (RFC 9068, 2.1)."""
ISSUER = AUDIENCE = "cleaning-marketplace"
CLAIMS = ["iss", "aud", "sub", "sid", "iat", "exp"]
MEMORY, PASSES = 19456, 2  # KiB, and times that argon2 goes through them


@cache
def common_passwords() -> frozenset[str]:
    """The 30,000 most used passwords, in lower case.

    They come with zxcvbn, which isn't imported: it would keep 14 MiB of other words in memory.
    """
    file = distribution("zxcvbn").locate_file("zxcvbn/frequency_lists.py")
    return frozenset(run_path(str(file))["FREQUENCY_LISTS"]["passwords"])


class Passwords:
    """Hashes and verifies passwords with argon2id, in threads of its own.

    The parameters are those that OWASP's Password Storage Cheat Sheet gives for argon2id with the
    least memory that still resists cracking: m=19456 (KiB), t=2, p=1.
    """

    def __init__(self) -> None:
        argon2 = Argon2Hasher(memory_cost=MEMORY, time_cost=PASSES, parallelism=1)
        self._hash = PasswordHash((argon2,))
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="passwords")
        # Looks like a hash and belongs to no password: start-up need not wait for a real one.
        salt, digest = (b64encode(secrets.token_bytes(size)).decode() for size in (18, 33))
        self._nobody = f"$argon2id$v=19$m={MEMORY},t={PASSES},p=1${salt}${digest}"

    async def hash(self, password: str) -> str:
        """Returns the salted hash of a password."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hash.hash, password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Says whether the hash is the password's.

        Args:
            password: What was entered.
            hashed: The hash that is kept, or None if the account doesn't exist: that takes as long
                as a wrong password does.
        """
        loop = asyncio.get_running_loop()
        known = hashed or self._nobody
        matches = await loop.run_in_executor(self._threads, self._hash.verify, password, known)
        return matches and hashed is not None


@dataclass(frozen=True, slots=True)
class Bearer:
    """What an access token says: who the caller is, and in which session they logged in."""

    user_id: UUID
    session_id: UUID


class AccessTokens:
    """Signs and reads the short-lived tokens that accompany each request (RFC 7519).

    Args:
        keyring: Has the keys that sign.
        lifetime: How long a token is good for.
    """

    def __init__(self, keyring: Keyring, lifetime: timedelta) -> None:
        keys = keyring.keys("access tokens").items()
        self._keys = {urlsafe_b64encode(key_id).decode(): key for key_id, key in keys}
        self.lifetime = lifetime
        # A token is sent with many requests, and what it says never changes.
        self._verified = lru_cache(maxsize=4096)(self._verify)

    def issue(self, bearer: Bearer) -> str:
        """Returns a signed token for a session."""
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
        """Returns what a token says.

        Raises:
            Unauthenticated: It is not one of ours, or it has expired.
        """
        bearer, expires_at = self._verified(token)
        if expires_at <= time.time():
            raise Unauthenticated
        return bearer

    def _verify(self, token: str) -> tuple[Bearer, float]:
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


def new_refresh_token() -> str:
    """Returns 256 random bits as text."""
    return secrets.token_urlsafe(32)


def refresh_token_hash(token: str) -> bytes:
    """What is kept of a refresh token; a token has too many bits to need salt or slowness."""
    return hashlib.sha256(token.encode()).digest()
