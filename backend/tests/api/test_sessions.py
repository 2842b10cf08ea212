"""Sessions: begun with a password, kept going with a refresh token, ended."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from app.db.engine import Database
from app.db.models import Session
from app.db.models.fields import now
from app.db.pool import FairPool
from tests.factories.sessions import log_in, make_login, make_member, refresh
from tests.factories.users import PASSWORD, Market, block
from tests.rows import get


class TestLoggingIn:
    async def test_gives_tokens(self, market: Market) -> None:
        member = await make_member(market)
        response = await log_in(market, member.username)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        tokens = response.json()
        assert tokens["token_type"] == "bearer"
        assert tokens["expires_in"] == 900
        assert len(tokens["refresh_token"]) == 43
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        response = await market.client.get("/users/me", headers=headers)
        assert response.json()["id"] == str(member.id)

    @pytest.mark.parametrize("name", ["Anna", "aNNA", "anna@example.com", "ANNA@Example.COM"])
    async def test_as_username_or_email_address(self, market: Market, name: str) -> None:
        await make_member(market, username="Anna", email="Anna@example.com")
        assert (await log_in(market, name)).status_code == 200

    @pytest.mark.committed
    async def test_by_many_at_once_takes_no_more_than_one_connection(self, market: Market) -> None:
        members = [await make_member(market) for _ in range(3)]
        state = market.app.state
        database, pool = state.database, FairPool(state.engine, size=1, timeout=5)
        state.database = Database(pool)
        answers = await asyncio.gather(*(log_in(market, it.username) for it in members))
        state.database = database
        await pool.close()
        assert [answer.status_code for answer in answers] == [200, 200, 200]

    async def test_needs_no_grant_type(self, market: Market) -> None:
        member = await make_member(market)
        form = {"username": member.username, "password": PASSWORD, "scope": "", "client_id": "x"}
        assert (await market.client.post("/auth/token", data=form)).status_code == 200

    @pytest.mark.parametrize(
        ("name", "password"),
        [
            ("anna", PASSWORD.upper()),
            ("anna", PASSWORD + " "),
            ("berta", PASSWORD),
            ("anna@example.com", "another lighthouse"),
            ("anna%", PASSWORD),
        ],
    )
    async def test_with_what_is_not_right(self, market: Market, name: str, password: str) -> None:
        await make_member(market, username="anna")
        response = await log_in(market, name, password)
        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"
        assert response.headers["WWW-Authenticate"] == "Bearer"

    async def test_says_the_same_of_an_unknown_user_as_of_a_wrong_password(
        self, market: Market
    ) -> None:
        await make_member(market, username="anna")
        answers = [await log_in(market, name, "wrong") for name in ("anna", "berta")]
        shown = [answer.json() for answer in answers]
        for problem in shown:
            del problem["request_id"]
        assert shown[0] == shown[1]

    async def test_with_a_blocked_account(self, market: Market) -> None:
        member = await make_member(market)
        await block(market, member)
        response = await log_in(market, member.username)
        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"grant_type": "client_credentials"}, "grant_type"),
            ({"grant_type": "password", "username": "anna"}, "password"),
            ({"grant_type": "password", "password": PASSWORD}, "username"),
            ({"grant_type": "refresh_token"}, "refresh_token"),
        ],
    )
    async def test_with_an_incomplete_form(
        self, market: Market, form: dict[str, str], field: str
    ) -> None:
        response = await market.client.post("/auth/token", data=form)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["field"] == field

    async def test_with_json_in_place_of_a_form(self, market: Market) -> None:
        member = await make_member(market)
        credentials = {"username": member.username, "password": PASSWORD}
        response = await market.client.post("/auth/token", json=credentials)
        assert response.status_code == 415

    async def test_begins_a_session_beside_the_others(self, market: Market) -> None:
        member = await make_member(market)
        other, _ = await make_login(market, member)
        for actor in (member, other):
            assert (await actor.get("/users/me")).status_code == 200

    async def test_is_written_down(self, market: Market) -> None:
        member = await make_member(market)
        await log_in(market, member.username)
        assert await events(market, member.id) == [("session", "created")]


class TestRefreshing:
    async def test_gives_tokens_of_the_same_session(self, market: Market) -> None:
        member = await make_member(market)
        login, refresh_token = await make_login(market, member)
        response = await refresh(market, refresh_token)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        read = market.app.state.access_tokens.read
        assert read(response.json()["access_token"]) == read(login.token)

    async def test_uses_the_token_up(self, market: Market) -> None:
        _, first = await make_login(market, await make_member(market))
        second = (await refresh(market, first)).json()["refresh_token"]
        assert second != first
        response = await refresh(market, first)
        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"
        assert (await refresh(market, second)).status_code == 200

    async def test_lengthens_the_session(self, market: Market) -> None:
        _, refresh_token = await make_login(market, await make_member(market))
        statement = "SELECT max(expires_at) FROM sessions"
        before = await market.app.state.database.fetch(statement, ())
        await refresh(market, refresh_token)
        assert (await market.app.state.database.fetch(statement, ()))[0] > before[0]

    async def test_with_a_made_up_token(self, market: Market) -> None:
        await make_login(market, await make_member(market))
        assert (await refresh(market, "made-up")).status_code == 401

    async def test_with_an_access_token(self, market: Market) -> None:
        login, _ = await make_login(market, await make_member(market))
        assert (await refresh(market, login.token)).status_code == 401

    async def test_with_a_blocked_account(self, market: Market) -> None:
        member = await make_member(market)
        _, refresh_token = await make_login(market, member)
        await block(market, member)
        assert (await refresh(market, refresh_token)).status_code == 401

    async def test_of_a_session_that_has_expired(self, market: Market) -> None:
        member = await make_member(market)
        login, refresh_token = await make_login(market, member)
        await expire(market, login.token)
        assert (await refresh(market, refresh_token)).status_code == 401

    async def test_is_kept_as_a_hash_only(self, market: Market) -> None:
        member = await make_member(market)
        _, refresh_token = await make_login(market, member)
        rows = await market.app.state.database.fetch(
            "SELECT s::text AS row, refresh_token_hash FROM sessions s WHERE user_id = $1",
            [member.id],
        )
        assert refresh_token not in rows[-1]["row"]
        assert len(rows[-1]["refresh_token_hash"]) == 32

    @pytest.mark.committed
    async def test_twice_at_once(self, market: Market) -> None:
        _, refresh_token = await make_login(market, await make_member(market))
        responses = await asyncio.gather(*(refresh(market, refresh_token) for _ in range(5)))
        assert sorted(response.status_code for response in responses) == [200, *[401] * 4]


class TestLoggingOut:
    async def test_needs_a_login(self, market: Market) -> None:
        assert (await market.client.delete("/auth/token")).status_code == 401

    async def test_ends_the_session_at_once(self, market: Market) -> None:
        member = await make_member(market)
        login, refresh_token = await make_login(market, member)
        assert (await login.delete("/auth/token")).status_code == 204
        assert (await login.get("/users/me")).status_code == 401
        assert (await login.patch("/profiles/me", {})).status_code == 401
        assert (await login.delete("/auth/token")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401

    async def test_leaves_other_sessions(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member)
        await login.delete("/auth/token")
        assert (await member.get("/users/me")).status_code == 200

    async def test_is_written_down(self, market: Market) -> None:
        member = await make_member(market)
        await member.delete("/auth/token")
        assert await events(market, member.id) == [("session", "deleted")]


async def expire(market: Market, token: str) -> None:
    """Has the session of an access token end a moment ago."""
    bearer = market.app.state.access_tokens.read(token)
    async with market.app.state.database.write() as transaction:
        session = await get(transaction, Session, bearer.session_id)
        session.expires_at = now() - timedelta(seconds=1)


async def events(market: Market, actor_id: UUID) -> list[tuple[str, str]]:
    """What somebody has done."""
    rows = await market.app.state.database.fetch(
        "SELECT subject, kind FROM events WHERE actor_id = $1 ORDER BY id", [actor_id]
    )
    return [tuple(row) for row in rows]
