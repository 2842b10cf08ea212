"""Logging in, in the reference."""

import asyncio
import hashlib
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import jwt
import orjson
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from benchmarks.reference import statements
from benchmarks.reference.basics import HEADER, ISSUER, TOKENS, answer, database_of
from benchmarks.reference.writes import now, record

LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=30)

threads = ThreadPoolExecutor(os.cpu_count())
passwords = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)


def verified(hashed: str, password: str) -> bool:
    """Says whether the hash is the password's."""
    try:
        return passwords.verify(hashed, password)
    except VerifyMismatchError:
        return False


async def create_token(request: Request) -> Response:
    """Logs in with a password."""
    form = await request.form()
    name, password = str(form.get("username", "")), str(form.get("password", ""))
    if form.get("grant_type", "password") != "password" or not name or not password:
        raise HTTPException(422)
    database = database_of(request)
    known = await database.row(statements.CREDENTIALS, name)
    hashed = known["password_hash"] if known else passwords.hash(secrets.token_urlsafe())
    loop = asyncio.get_running_loop()
    if not await loop.run_in_executor(threads, verified, hashed, password) or not known:
        raise HTTPException(401)
    user_id, session_id, refresh_token = known["id"], str(uuid7()), secrets.token_urlsafe(32)

    async def work(connection: Any) -> Response:
        moment = now()
        hashed = hashlib.sha256(refresh_token.encode()).digest()
        await connection.execute(
            statements.ADD_SESSION, session_id, user_id, hashed, moment, moment + SESSION_LIFETIME
        )
        await record(connection, user_id, "session", session_id, "created")
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
