"""Passwords, access tokens and refresh tokens."""

import asyncio
import hashlib
import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from uuid import UUID

import jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unauthenticated

ALGORITHM = "HS256"


@cache
def common_passwords() -> frozenset[str]:
    """The 30,000 most used passwords, in lower case."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # 80 ms that start-up need not wait for

    return frozenset(FREQUENCY_LISTS["passwords"])


class Passwords:
    """Hashes and verifies passwords with argon2id, in threads of its own.

    The parameters are those that OWASP's Password Storage Cheat Sheet gives for argon2id with the
    least memory that still resists cracking: m=19456 (KiB), t=2, p=1.
    """

    def __init__(self) -> None:
        self._hash = PasswordHash((Argon2Hasher(memory_cost=19456, time_cost=2, parallelism=1),))
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="passwords")
        self._nobody = self._hash.hash(secrets.token_urlsafe())

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
        secret: The key that signs.
        lifetime: How long a token is good for.
    """

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._key = derive_key(secret, "access tokens")
        self.lifetime = lifetime
        # A token is sent with many requests, and what it says never changes.
        self._verified = lru_cache(maxsize=4096)(self._verify)

    def issue(self, bearer: Bearer) -> str:
        """Returns a signed token for a session."""
        now = datetime.now(UTC)
        claims = {
            "sub": str(bearer.user_id),
            "sid": str(bearer.session_id),
            "iat": now,
            "exp": now + self.lifetime,
        }
        return jwt.encode(claims, self._key, ALGORITHM)

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
            claims = jwt.decode(
                token, self._key, [ALGORITHM], options={"require": ["sub", "sid", "exp"]}
            )
            return Bearer(UUID(claims["sub"]), UUID(claims["sid"])), claims["exp"]
        except (jwt.InvalidTokenError, ValueError, AttributeError) as error:
            raise Unauthenticated from error


def derive_key(secret: str, purpose: str) -> bytes:
    """Makes one independent key per purpose out of the secret of the installation."""
    return hashlib.blake2b(purpose.encode(), key=hashlib.sha512(secret.encode()).digest()).digest()


def new_refresh_token() -> str:
    """Returns 256 random bits as text."""
    return secrets.token_urlsafe(32)


def refresh_token_hash(token: str) -> bytes:
    """What is kept of a refresh token; a token has too many bits to need salt or slowness."""
    return hashlib.sha256(token.encode()).digest()
