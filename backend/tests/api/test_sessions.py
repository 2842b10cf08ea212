"""Sessions: begun with a password, kept going with a refresh token, ended."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.db.models.fields import now
from app.db.models.users import User
from app.postgres.database import Database
from app.postgres.pool import FairPool
from tests.factories.sessions import expire, log_in, make_login, make_member, refresh, register
from tests.factories.users import PASSWORD, Market, block, make_user
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

    @pytest.mark.parametrize(
        "name",
        [
            *(" Anna-Ark\n", "\uff21nna-ark", "zoë@bücher.example"),
            "ZOE\u0308@xn--bcher-kva.example",
            " Zoë@Bücher\u3002example ",
        ],
    )
    async def test_in_any_spelling_of_the_name(self, market: Market, name: str) -> None:
        account = {"username": "anna-ark", "email": "zoë@bücher.example"}
        assert (await register(market, **account)).status_code == 201
        assert (await log_in(market, name)).status_code == 200

    @pytest.mark.parametrize("entered", ["sch\xf6nes licht", "scho\u0308nes licht"])
    async def test_however_the_password_is_composed(self, market: Market, entered: str) -> None:
        await register(market, username="anna", password="scho\u0308nes licht")
        assert (await log_in(market, "anna", entered)).status_code == 200

    @pytest.mark.committed
    async def test_by_many_at_once_takes_no_more_than_one_connection(self, market: Market) -> None:
        members = [await make_member(market) for _ in range(3)]
        state = market.app.state
        database, pool = state.database, FairPool(state.engine, size=1, timeout=5, queue=100)
        state.database = Database(pool)
        answers = await asyncio.gather(*(log_in(market, it.username) for it in members))
        state.database = database
        await pool.close()
        assert [answer.status_code for answer in answers] == [200, 200, 200]

    async def test_with_letters_that_are_not_encoded(self, market: Market) -> None:
        password = "ein Fußballplatz; в снегу"
        hashed = await market.safeguards.passwords.hash(password)
        member = await make_user(market, password_hash=hashed)
        response = await market.client.post(
            "/auth/token",
            content=f"username={member.username}&password={password}".encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert response.status_code == 200

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

    async def test_with_a_password_of_long_ago(self, market: Market) -> None:
        long_ago = now() - timedelta(days=20 * 365)
        member = await make_member(market, created_at=long_ago, updated_at=long_ago)
        assert (await log_in(market, member.username)).status_code == 200

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
        assert await audit(market, member.id) == ["signed_in"]

    async def test_that_fails_is_written_down_too(self, market: Market) -> None:
        member = await make_member(market)
        await log_in(market, member.username, "not the lighthouse")
        assert await audit(market, member.id) == ["sign_in_failed"]

    async def test_as_nobody_is_written_down_without_the_name(self, market: Market) -> None:
        await log_in(market, "nobody-of-this-name")
        rows = await market.app.state.database.fetch("SELECT audit::text FROM audit", ())
        assert [row[0] for row in rows if "sign_in_failed" in row[0]]
        assert not [row[0] for row in rows if "nobody-of-this-name" in row[0]]

    @pytest.mark.parametrize("column", ["blocked_at", "inactive_at", "deleted_at"])
    async def test_needs_an_account_that_may_be_used(self, market: Market, column: str) -> None:
        member = await make_member(market, **{column: now()})
        assert (await log_in(market, member.username)).status_code == 401
        assert (await member.get("/users/me")).status_code == 401
        assert (await member.patch("/profiles/me", {})).status_code == 401

    async def test_hashes_an_old_password_anew(self, market: Market) -> None:
        cheaper = PasswordHash((Argon2Hasher(memory_cost=8192, time_cost=1, parallelism=1),))
        member = await make_user(market, password_hash=cheaper.hash(PASSWORD))
        for _ in range(2):
            assert (await log_in(market, member.username)).status_code == 200
        async with market.app.state.database.write() as transaction:
            user = await get(transaction, User, member.id)
        assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


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

    async def test_has_browsers_forget_what_they_keep(self, market: Market) -> None:
        response = await (await make_member(market)).delete("/auth/token")
        assert response.headers["Clear-Site-Data"] == '"cache", "storage"'

    async def test_leaves_other_sessions(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member)
        await login.delete("/auth/token")
        assert (await member.get("/users/me")).status_code == 200

    async def test_is_written_down(self, market: Market) -> None:
        member = await make_member(market)
        await member.delete("/auth/token")
        assert await audit(market, member.id) == ["signed_out"]


class TestListing:
    async def test_needs_a_login(self, market: Market) -> None:
        assert (await market.client.get("/users/me/sessions")).status_code == 401

    async def test_shows_where_one_is_logged_in(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member, **{"User-Agent": "Telephone/1.0"})
        newest, oldest = await login.items("/users/me/sessions")
        assert newest["device"] == "Telephone/1.0"
        assert newest["address"] == "127.0.0.1"
        assert newest["current"]
        assert not oldest["current"]
        assert newest["created_at"] == newest["last_used_at"] < newest["expires_at"]

    async def test_shows_nobody_elses(self, market: Market) -> None:
        member, _ = await make_member(market), await make_member(market)
        assert len(await member.items("/users/me/sessions")) == 1

    async def test_leaves_out_those_that_have_ended(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member)
        await expire(market, login.token)
        assert len(await member.items("/users/me/sessions")) == 1

    async def test_goes_part_by_part(self, market: Market) -> None:
        member = await make_member(market)
        for _ in range(2):
            await make_login(market, member)
        ids = [session["id"] for session in await member.items("/users/me/sessions", limit=1)]
        assert len(set(ids)) == 3
        assert ids == sorted(ids, reverse=True)

    @pytest.mark.parametrize("device", ["", "tab\tand\x01bell", "x" * 5000])
    async def test_of_an_odd_device(self, market: Market, device: str) -> None:
        login, _ = await make_login(market, await make_member(market), **{"User-Agent": device})
        shown = (await login.items("/users/me/sessions"))[0]["device"]
        assert shown == ("".join(filter(str.isprintable, device))[:300] or None)


class TestEnding:
    async def test_needs_a_login(self, market: Market) -> None:
        path = f"/users/me/sessions/{uuid4()}"
        assert (await market.client.delete(path)).status_code == 401

    async def test_one_of_several(self, market: Market) -> None:
        member = await make_member(market)
        login, refresh_token = await make_login(market, member)
        newest, _ = await member.items("/users/me/sessions")
        assert (await member.delete(f"/users/me/sessions/{newest['id']}")).status_code == 204
        assert (await login.get("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401
        assert (await member.get("/users/me")).status_code == 200
        assert "session_ended" in await audit(market, member.id)

    async def test_of_somebody_else(self, market: Market) -> None:
        member, stranger = await make_member(market), await make_member(market)
        (session,) = await member.items("/users/me/sessions")
        response = await stranger.delete(f"/users/me/sessions/{session['id']}")
        assert response.status_code == 404
        assert response.json()["code"] == "session_not_found"
        assert (await member.get("/users/me")).status_code == 200


class TestEndingAllOthers:
    async def test_needs_a_login(self, market: Market) -> None:
        assert (await market.client.delete("/users/me/sessions")).status_code == 401

    async def test_leaves_the_one_that_asks(self, market: Market) -> None:
        member, other = await make_member(market), await make_member(market)
        login, _ = await make_login(market, member)
        assert (await login.delete("/users/me/sessions")).status_code == 204
        assert (await login.get("/users/me")).status_code == 200
        assert (await member.get("/users/me")).status_code == 401
        assert (await other.get("/users/me")).status_code == 200
        assert (await audit(market, member.id))[-1] == "other_sessions_ended"


async def audit(market: Market, user_id: UUID) -> list[str]:
    """What was done to somebody's access."""
    rows = await market.app.state.database.fetch(
        "SELECT action FROM audit WHERE user_id = $1 ORDER BY id", [user_id]
    )
    return [row["action"] for row in rows]
