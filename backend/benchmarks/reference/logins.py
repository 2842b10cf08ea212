"""Login of the reference."""

import asyncio
import hashlib
import hmac
import os
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import orjson
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from benchmarks.reference import write_statements
from benchmarks.reference.basics import HEADER, ISSUER, TOKENS, answer, database_of, key_for
from benchmarks.reference.writes import now

LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=30)
MOST_TRIES, WINDOW = 1_000_000, 60
ADDRESSES = key_for("addresses")

threads = ThreadPoolExecutor(os.cpu_count())
passwords = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)


def verified(hashed: str, password: str) -> bool:
    """Whether the hash is that of the password."""
    try:
        return passwords.verify(hashed, password)
    except VerifyMismatchError:
        return False


def disguised(name: str) -> bytes:
    """A keyed hash of a name."""
    return hmac.digest(ADDRESSES, name.encode(), "sha256")


def tries_of(name: str, address: str, *, known: bool) -> tuple[list[bytes], list[int]]:
    """The counters of a login: their keys, and their windows in seconds."""
    tries = [f"address {address}"] if known else [f"address {address}", f"account {name}", "all"]
    return [disguised(each) for each in tries], [WINDOW] * len(tries)


async def create_token(request: Request) -> Response:
    """Logs in with a password."""
    form = await request.form()
    name, password = str(form.get("username", "")), str(form.get("password", ""))
    if form.get("grant_type", "password") != "password" or not name or not password:
        raise HTTPException(422)
    database = database_of(request)
    address = request.client.host if request.client else ""
    address_hash = disguised(address)
    device = request.headers.get("user-agent")
    device_hash = disguised(re.sub(r"[0-9][0-9._]*", "", device or ""))
    found = await database.row(
        write_statements.CREDENTIALS, name.lower(), address_hash, device_hash
    )
    keys, windows = tries_of(name, address, known=bool(found and found["address_known"]))
    counted = await database.row(write_statements.COUNT_TRIES, keys, windows, 1)
    if counted["count"] > MOST_TRIES:
        raise HTTPException(429)
    hashed = found["password_hash"] if found else passwords.hash(secrets.token_urlsafe())
    loop = asyncio.get_running_loop()
    if not await loop.run_in_executor(threads, verified, hashed, password) or not found:
        raise HTTPException(401)
    await database.row(write_statements.COUNT_TRIES, keys, windows, -1)

    async def work(connection: Any) -> Response:
        user_id, session_id, refresh_token = found["id"], str(uuid7()), secrets.token_urlsafe(32)
        if not await connection.fetch(write_statements.HOLD_ACCOUNT, user_id, hashed):
            raise HTTPException(503)
        if await connection.fetch(write_statements.SECOND_FACTOR, user_id):
            raise HTTPException(401)
        moment = now()
        token_hash = hashlib.sha256(refresh_token.encode()).digest()
        await connection.execute(
            write_statements.ADD_SESSION,
            *(session_id, user_id, device, address, moment, moment + SESSION_LIFETIME),
        )
        await connection.execute(
            write_statements.ADD_AUDIT_ENTRY,
            *(str(uuid7()), user_id, f"{address.rpartition('.')[0]}.0/24"),
            *(uuid4().hex, '{"factor": "password"}', moment),
        )
        await connection.execute(write_statements.ADD_REFRESH_TOKEN, token_hash, session_id, moment)
        await connection.execute(write_statements.KNOW_ADDRESS, user_id, address_hash)
        await connection.execute(write_statements.KNOW_DEVICE, user_id, device_hash)
        if found["unfamiliar"]:
            notice = orjson.dumps({"user_id": user_id, "notice": "new_login"}).decode()
            await connection.execute(write_statements.ADD_NOTICE, str(uuid7()), notice, moment)
        claims = {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": user_id,
            "sid": session_id,
            "iat": moment,
            "exp": moment + LIFETIME,
        }
        content = {
            "access_token": jwt.encode(claims, TOKENS, "HS256", HEADER),
            "refresh_token": refresh_token,
            "token_type": "bearer",
            "expires_in": int(LIFETIME.total_seconds()),
        }
        return answer(request, orjson.dumps(content))

    return await database.write(work)
