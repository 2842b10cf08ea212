"""Who may do what, for every route, present and to come; and which access tokens are good."""

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from httpx import Response

from app.core.config import Settings
from app.core.security.keys import Keyring, derive_key
from app.core.security.tokens import AccessTokens, Bearer
from tests.api.access import ACCESS, CALLERS, scene_for
from tests.factories.sessions import expire
from tests.factories.users import Actor, Market, make_user
from tests.operations import OPERATIONS, ROUTES, Operation
from tests.undone import undone

NAMES = [route.name for route in ROUTES]
OPEN = {name for name, row in ACCESS.items() if row["anonymous"] != 401}
GUARDED = pytest.mark.parametrize(
    "operation", [operation for operation in OPERATIONS if str(operation) not in OPEN], ids=str
)
NOWHERE: dict[str, str] = defaultdict(lambda: uuid4().hex, number="1", position="1")
"""What stands in paths that lead to nothing: as good an id as a username or a slug."""


def check_refused(response: Response) -> None:
    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def expire_login(market: Market, user: Actor) -> None:
    await expire(market, user.token)


async def log_out(_: Market, user: Actor) -> None:
    await user.delete("/auth/token")


async def delete_account(_: Market, user: Actor) -> None:
    await user.delete("/users/me")


class TestEveryRoute:
    def test_has_a_row_in_the_table(self) -> None:
        assert sorted(ACCESS) == sorted(NAMES)

    def test_has_an_answer_for_every_caller(self) -> None:
        assert {name: row.keys() for name, row in ACCESS.items()} == dict.fromkeys(
            NAMES, CALLERS.keys()
        )

    @pytest.mark.parametrize("name", NAMES)
    async def test_is_for_whom_the_table_says(self, market: Market, name: str) -> None:
        scene = await scene_for(market, name)
        answers = {}
        for caller, find in CALLERS.items():
            async with undone(market.app):
                actor = await find(scene)
                response = await scene.call(actor, name, **scene.content(name))
                answers[caller] = response.status_code
        assert answers == ACCESS.get(name)


class TestEveryGuardedOperation:
    @GUARDED
    async def test_says_that_it_needs_a_login(self, operation: Operation) -> None:
        assert operation.details["security"][0] == {"OAuth2PasswordBearer": []}

    @GUARDED
    async def test_needs_a_login_before_all_else(
        self, market: Market, operation: Operation
    ) -> None:
        response = await market.client.request(operation.method, operation.url(NOWHERE))
        check_refused(response)

    @GUARDED
    @pytest.mark.parametrize("end", [expire_login, log_out, delete_account])
    async def test_needs_one_that_still_holds(
        self, market: Market, operation: Operation, end: Callable[[Market, Actor], Awaitable[None]]
    ) -> None:
        user = await make_user(market)
        await end(market, user)
        check_refused(
            await user.request(operation.method, operation.url(NOWHERE), **operation.good_content)
        )


SECRET = Settings(environment="development").secret_key.get_secret_value()
KEY = derive_key(SECRET, "access tokens")


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


async def read_account(market: Market, authorization: str) -> Response:
    return await market.client.get("/users/me", headers={"Authorization": authorization})


class TestAccessTokens:
    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
    async def test_that_are_good(self, market: Market, scheme: str) -> None:
        user = await make_user(market)
        response = await read_account(market, f"{scheme} {user.token}")
        assert response.status_code == 200

    @pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "Bearer"])
    async def test_without_their_scheme(self, market: Market, scheme: str) -> None:
        user = await make_user(market)
        check_refused(await read_account(market, f"{scheme}{user.token}"))

    @pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "e30.e30.e30", "..", "x" * 10_000])
    async def test_that_are_garbage(self, market: Market, token: str) -> None:
        check_refused(await read_account(market, f"Bearer {token}"))

    async def test_that_are_no_ascii(self, market: Market) -> None:
        headers = {b"Authorization": "Bearer tökén".encode()}
        check_refused(await market.client.get("/users/me", headers=headers))

    @pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # for HS512
    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [
            (derive_key("another secret", "access tokens"), "HS256"),
            (derive_key(SECRET, "cursors"), "HS256"),
            (SECRET.encode(), "HS256"),
            (KEY, "HS512"),
            ("", "none"),
        ],
    )
    async def test_that_we_have_not_signed(
        self, market: Market, key: str | bytes, algorithm: str
    ) -> None:
        user = await make_user(market)
        header = jwt.get_unverified_header(user.token) | {"alg": algorithm}
        token = jwt.encode(claims_of(user.token), key, algorithm, header)
        check_refused(await read_account(market, f"Bearer {token}"))

    async def test_that_bring_their_own_key(self, market: Market) -> None:
        user, key = await make_user(market), b"the key of an attacker, 32 bytes"
        jwk = {"kty": "oct", "k": urlsafe_b64encode(key).decode().rstrip("=")}
        headers = jwt.get_unverified_header(user.token) | {
            "jwk": jwk,
            "jku": "https://evil.example/keys.json",
            "kid": "../../dev/null",
        }
        token = jwt.encode(claims_of(user.token), key, "HS256", headers=headers)
        check_refused(await read_account(market, f"Bearer {token}"))

    async def test_that_were_changed(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        header, _, signature = user.token.split(".")
        token = f"{header}.{other.token.split('.')[1]}.{signature}"
        check_refused(await read_account(market, f"Bearer {token}"))

    async def test_that_have_expired(self, market: Market) -> None:
        user = await make_user(market)
        bearer = market.safeguards.access_tokens.read(user.token)
        token = AccessTokens(Keyring(SECRET), timedelta(seconds=-1)).issue(bearer)
        check_refused(await read_account(market, f"Bearer {token}"))

    async def test_for_a_session_of_somebody_else(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        tokens = market.safeguards.access_tokens
        token = tokens.issue(Bearer(user.id, tokens.read(other.token).session_id))
        check_refused(await read_account(market, f"Bearer {token}"))
