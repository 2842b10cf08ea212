"""Shared parts of the reference: pool, caller, response, cursors."""

import asyncio
import hmac
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid4

import asyncpg
import jwt
import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"
SEAL_SIZE = 16
LONGEST_PAGE = 100
SAFETY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
}
ATTEMPTS = 3
LOST_RACE = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


def key_for(purpose: str) -> bytes:
    """A key derived from the secret like the service's."""
    secret = os.environ["SECRET_KEY"].encode()
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret)


TOKENS, CURSORS = key_for("access tokens"), key_for("cursors")
KEY_ID = urlsafe_b64encode(key_for("key ids")[:6]).decode()
HEADER = {"typ": "at+jwt", "kid": KEY_ID}
ISSUER = "cleaning-marketplace"


class Database:
    """A pool behind a FIFO queue, since asyncpg's own pool is unfair."""

    def __init__(self, pool: Any, size: int) -> None:
        self._pool, self._queue = pool, asyncio.Semaphore(size)

    async def row(self, statement: str, *arguments: Any) -> Any:
        """Runs a statement and returns its first row."""
        async with self._queue, self._pool.acquire() as connection:
            return await connection.fetchrow(statement, *arguments)

    async def rows(self, statement: str, *arguments: Any) -> Any:
        """Runs a statement and returns all its rows."""
        async with self._queue, self._pool.acquire() as connection:
            return await connection.fetch(statement, *arguments)

    async def write(self, work: Callable[[Any], Awaitable[Response]]) -> Response:
        """Does work in a transaction, and repeats it after a conflict."""
        for _ in range(ATTEMPTS):
            try:
                async with (
                    self._queue,
                    self._pool.acquire() as connection,
                    connection.transaction(),
                ):
                    return await work(connection)
            except LOST_RACE:
                continue
        raise HTTPException(503)


def database_of(request: Request) -> Database:
    """The database of the application."""
    database: Database = request.app.state.database
    return database


class Bearer(NamedTuple):
    """The caller: the first two arguments of every statement that checks the session."""

    session_id: str
    user_id: str


def bearer(request: Request) -> Bearer:
    """The caller in the access token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401)
    caller, expires_at = verified(token)
    if expires_at <= time.time():
        raise HTTPException(401)
    return caller


@lru_cache(maxsize=4096)
def verified(token: str) -> tuple[Bearer, float]:
    """The caller of a token and its expiry; cached, as in the service."""
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(
            token,
            TOKENS,
            ["HS256"],
            options={"require": ["iss", "aud", "sub", "sid", "iat", "exp"]},
            issuer=ISSUER,
            audience=ISSUER,
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    if HEADER.items() - header.items():
        raise HTTPException(401)
    return Bearer(claims["sid"], claims["sub"]), claims["exp"]


def id_in(request: Request, name: str) -> UUID:
    """An id in the path."""
    try:
        return UUID(request.path_params[name])
    except ValueError as error:
        raise HTTPException(422) from error


def answer(request: Request, content: str | bytes, status: int = 200, **headers: str) -> Response:
    """A response with the common headers."""
    headers |= SAFETY
    headers["x-request-id"] = request.headers.get("x-request-id") or uuid4().hex
    return Response(content, status, headers, JSON)


def item_answer(request: Request, row: Any, created_at: str | None = None) -> Response:
    """A response with one object."""
    if row is None:
        raise HTTPException(401)
    if row["item"] is None:
        raise HTTPException(404)
    etag = f'"{row["version"]}"'
    if created_at is None:
        return answer(request, row["item"], etag=etag)
    return answer(request, row["item"], 201, etag=etag, location=created_at)


class Listing:
    """A request for a list: its name, and the requested page."""

    def __init__(self, request: Request) -> None:
        self.filters = dict(request.query_params)
        limit, cursor = self.filters.pop("limit", "20"), self.filters.pop("cursor", None)
        if not limit.isdecimal() or not 1 <= int(limit) <= LONGEST_PAGE:
            raise HTTPException(422)
        self.limit = int(limit)
        self._name = f"{request.url.path}?{urlencode(sorted(self.filters.items()))}"
        self.after = None if cursor is None else self._read(cursor)

    def _read(self, cursor: str) -> Any:
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            sealed = b""
        seal, content = sealed[:SEAL_SIZE], sealed[SEAL_SIZE:]
        if not hmac.compare_digest(seal, self._seal(content)):
            raise HTTPException(422)
        return orjson.loads(content)

    def _seal(self, content: bytes) -> bytes:
        named = self._name.encode() + b"\0" + content
        return hmac.digest(CURSORS, named, "sha256")[:SEAL_SIZE]

    def answer(
        self, request: Request, row: Any, *further_keys: str, hinted: bool = False
    ) -> Response:
        """A response with a page of the list; `hinted` if it may say why it is empty."""
        if row is None:
            raise HTTPException(401)
        items: list[str] = row["items"] or []
        cursor = self.cursor(row, *further_keys)
        shown = ",".join(items[: self.limit])
        written = f'"{cursor}"' if cursor else "null"
        page = f'{{"items":[{shown}],"next_cursor":{written}'
        if hinted:
            is_missing = "q" in self.filters and not items
            page += ',"hint":"nothing_found"' if is_missing else ',"hint":null'
        return answer(request, f"{page}}}")

    def cursor(self, row: Any, *further_keys: str) -> str | None:
        """The cursor of the next page; None if this is the last one."""
        if len(row["items"] or []) <= self.limit:
            return None
        content = orjson.dumps([*row["keys"].split(), *further_keys])
        return urlsafe_b64encode(self._seal(content) + content).decode().rstrip("=")
