"""Passwords, access tokens and keys."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from jwt.api_jws import PyJWS
from pwdlib.exceptions import UnknownHashError

from app.core.errors import Unauthenticated
from app.core.security import (
    AccessTokens,
    Bearer,
    Passwords,
    common_passwords,
    derive_key,
    new_refresh_token,
    refresh_token_hash,
)

SECRET = "a secret of the tests"


class TestPasswords:
    async def test_are_salted(self) -> None:
        passwords = Passwords()
        assert await passwords.hash("a lighthouse") != await passwords.hash("a lighthouse")

    @pytest.mark.parametrize("password", ["a lighthouse", "", "🧹" * 100, "\0"])
    async def test_are_known_by_their_hash(self, password: str) -> None:
        passwords = Passwords()
        hashed = await passwords.hash(password)
        assert await passwords.verify(password, hashed)
        assert not await passwords.verify(password + " ", hashed)

    @pytest.mark.parametrize("hashed", [None, ""])
    async def test_of_nobody_are_never_right(self, hashed: str | None) -> None:
        assert not await Passwords().verify("", hashed)

    @pytest.mark.parametrize("hashed", [None, ""])
    async def test_of_nobody_are_verified_too(self, hashed: str | None) -> None:
        passwords = Passwords()
        passwords._nobody = "no hash at all"  # noqa: SLF001
        with pytest.raises(UnknownHashError):
            await passwords.verify("a lighthouse", hashed)

    @pytest.mark.parametrize("password", ["password", "qwertyuiop", "iloveyou"])
    def test_that_are_common(self, password: str) -> None:
        assert password in common_passwords()


class TestAccessTokens:
    def test_say_who_bears_them(self) -> None:
        tokens = AccessTokens(SECRET, timedelta(minutes=1))
        bearer = Bearer(uuid4(), uuid4())
        assert tokens.read(tokens.issue(bearer)) == bearer

    @pytest.mark.parametrize("missing", ["sub", "sid", "exp"])
    def test_without_a_claim(self, missing: str) -> None:
        claims = self.claims()
        del claims[missing]
        self.check_refused(claims)

    @pytest.mark.parametrize("claim", ["sub", "sid", "exp"])
    @pytest.mark.parametrize("value", ["", "x", 5, 0.5, True, None, [], {}])
    def test_with_a_claim_of_another_form(self, claim: str, value: object) -> None:
        self.check_refused(self.claims() | {claim: value})

    def claims(self) -> dict[str, Any]:
        tokens = AccessTokens(SECRET, timedelta(minutes=1))
        token = tokens.issue(Bearer(uuid4(), uuid4()))
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        return claims

    def check_refused(self, claims: dict[str, Any]) -> None:
        key = derive_key(SECRET, "access tokens")
        token = PyJWS().encode(json.dumps(claims).encode(), key)  # it, unlike jwt, checks nothing
        with pytest.raises(Unauthenticated):
            AccessTokens(SECRET, timedelta(minutes=1)).read(token)


class TestKeys:
    def test_differ_by_purpose_and_by_secret(self) -> None:
        keys = {derive_key(secret, purpose) for secret in "ab" for purpose in ("", "a", "b")}
        assert len(keys) == 6

    def test_are_the_same_each_time(self) -> None:
        assert derive_key(SECRET, "a") == derive_key(SECRET, "a")

    @pytest.mark.parametrize("secret", ["", "x" * 1000, "🧹"])
    def test_come_of_any_secret(self, secret: str) -> None:
        assert len(derive_key(secret, "a")) == 64


class TestRefreshTokens:
    def test_are_never_the_same(self) -> None:
        assert len({new_refresh_token() for _ in range(100)}) == 100

    def test_are_kept_as_a_hash(self) -> None:
        token = new_refresh_token()
        assert refresh_token_hash(token) == refresh_token_hash(token)
        assert refresh_token_hash(token) != refresh_token_hash(new_refresh_token())
        assert len(refresh_token_hash(token)) == 32
