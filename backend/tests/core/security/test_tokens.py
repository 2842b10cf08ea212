"""Access tokens and refresh tokens."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import uuid4

import jwt
import pytest

from app.core.errors import Unauthenticated
from app.core.security.keys import Keyring, derive_key
from app.core.security.tokens import (
    AccessTokens,
    Bearer,
    new_opaque_token,
    opaque_token_hash,
)

SECRET = "a secret of the tests"
KEYRING = Keyring(SECRET)


def signed(claims: dict[str, Any], header: dict[str, Any]) -> str:
    """A token with any claims and header, and with the right signature."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()) for part in (header, claims)]
    content = b".".join(part.rstrip(b"=") for part in parts)
    signature = hmac.digest(derive_key(SECRET, "access tokens"), content, "sha256")
    return b".".join([content, urlsafe_b64encode(signature).rstrip(b"=")]).decode()


HEADER = jwt.get_unverified_header(
    AccessTokens(KEYRING, timedelta(minutes=1)).issue(Bearer(uuid4(), uuid4()))
)


class TestAccessTokens:
    def test_say_who_bears_them(self) -> None:
        tokens = AccessTokens(KEYRING, timedelta(minutes=1))
        bearer = Bearer(uuid4(), uuid4())
        assert tokens.read(tokens.issue(bearer)) == bearer

    @pytest.mark.parametrize("missing", ["iss", "aud", "sub", "sid", "iat", "exp"])
    def test_without_a_claim(self, missing: str) -> None:
        claims = self.claims()
        del claims[missing]
        self.check_refused(claims)

    @pytest.mark.parametrize("missing", ["typ", "kid"])
    def test_without_a_header(self, missing: str) -> None:
        self.check_refused(
            self.claims(), {name: HEADER[name] for name in HEADER if name != missing}
        )

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("typ", "JWT"),
            ("typ", ["at+jwt"]),
            ("kid", "unknown"),
            ("kid", 5),
            ("alg", "none"),
            ("alg", "HS512"),
        ],
    )
    def test_with_another_header(self, name: str, value: object) -> None:
        self.check_refused(self.claims(), HEADER | {name: value})

    @pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "exp"])
    @pytest.mark.parametrize("value", ["", "x", 5, 0.5, True, None, [], {}])
    def test_with_a_claim_of_another_form(self, claim: str, value: object) -> None:
        self.check_refused(self.claims() | {claim: value})

    def claims(self) -> dict[str, Any]:
        tokens = AccessTokens(KEYRING, timedelta(minutes=1))
        token = tokens.issue(Bearer(uuid4(), uuid4()))
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        return claims

    def test_that_are_made_here_by_hand_are_read(self) -> None:
        AccessTokens(KEYRING, timedelta(minutes=1)).read(signed(self.claims(), HEADER))

    def check_refused(self, claims: dict[str, Any], header: dict[str, Any] = HEADER) -> None:
        with pytest.raises(Unauthenticated):
            AccessTokens(KEYRING, timedelta(minutes=1)).read(signed(claims, header))


class TestRefreshTokens:
    def test_have_256_bits_of_chance(self) -> None:
        tokens = [urlsafe_b64decode(f"{new_opaque_token()}=") for _ in range(100)]
        assert {len(token) for token in tokens} == {32}
        numbers = [int.from_bytes(token) for token in tokens]
        assert reduce(or_, numbers) - reduce(and_, numbers) == 2**256 - 1  # each bit is 0 and 1

    def test_are_never_the_same(self) -> None:
        assert len({new_opaque_token() for _ in range(100)}) == 100

    def test_are_kept_as_a_hash(self) -> None:
        token = new_opaque_token()
        assert opaque_token_hash(token) == opaque_token_hash(token)
        assert opaque_token_hash(token) != opaque_token_hash(new_opaque_token())
        assert len(opaque_token_hash(token)) == 32
