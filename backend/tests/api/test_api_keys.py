"""API keys: made, shown once, listed, deleted."""

import asyncio
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient

from app.db.models.api_keys import MOST_PER_ACCOUNT
from app.db.models.fields import now
from app.db.models.sessions import Session
from tests.factories.api_keys import (
    PATH,
    assert_ended,
    assert_good,
    expire_api_key,
    make_api_key,
)
from tests.factories.sessions import make_login, make_member
from tests.factories.users import PASSWORD, Market, make_user
from tests.rows import get

DRAFT = {"name": "Calendar", "scopes": ["write:offers", "read:cleanings"]}


class TestMaking:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post(PATH, json=DRAFT)).status_code == 401

    async def test_shows_the_key_and_what_it_is_good_for(self, market: Market) -> None:
        user = await make_user(market)
        response = await user.post(PATH, DRAFT)
        assert response.status_code == 201
        assert response.headers["Cache-Control"] == "no-store"
        made = response.json()
        assert response.headers["Location"] == f"/api/v1{PATH}/{made['id']}"
        assert re.fullmatch(r"cmk_[A-Za-z0-9_-]{49}", made["key"])
        assert made["prefix"] == made["key"][:12]
        assert made["name"] == "Calendar"
        assert made["scopes"] == ["read:cleanings", "write:offers"]
        assert made["last_used_at"] is None

    async def test_gives_another_key_each_time(self, market: Market) -> None:
        user = await make_user(market)
        keys = {(await make_api_key(market, user)).data["key"] for _ in range(3)}
        assert len(keys) == 3

    @pytest.mark.parametrize("days", [1, 366])
    async def test_for_some_time(self, market: Market, days: int) -> None:
        made = (await make_api_key(market, expires_in_days=days)).data
        assert moment(made["expires_at"]) - moment(made["created_at"]) == timedelta(days=days)

    async def test_for_three_months_unless_something_else_is_said(self, market: Market) -> None:
        made = (await make_api_key(market)).data
        assert moment(made["expires_at"]) - moment(made["created_at"]) == timedelta(days=90)

    @pytest.mark.parametrize("days", [0, 367, None])
    async def test_for_ever(self, market: Market, days: int | None) -> None:
        user = await make_user(market)
        assert (await user.post(PATH, {**DRAFT, "expires_in_days": days})).status_code == 422

    @pytest.mark.parametrize("scopes", [[], ["read:everything"], ["read:users"], ["write:feed"]])
    async def test_for_what_no_key_is_good_for(self, market: Market, scopes: list[str]) -> None:
        response = await (await make_user(market)).post(PATH, {**DRAFT, "scopes": scopes})
        assert response.status_code == 422
        assert {error["field"] for error in response.json()["errors"]} == {"scopes"}

    async def test_keeps_a_hash_only(self, market: Market) -> None:
        key = (await make_api_key(market)).data["key"]
        for table in ("api_keys", "sessions", "audit", "events"):
            rows = await market.app.state.database.fetch(f"SELECT t::text FROM {table} t", ())  # noqa: S608 (our own names)
            assert not [row for row in rows if key[12:-6] in row[0]]
        (row,) = await market.app.state.database.fetch("SELECT hash FROM api_keys", ())
        assert row["hash"] == market.safeguards.keyring.hmacs("api keys", key.encode())[0]

    async def test_is_written_down(self, market: Market) -> None:
        user = await make_user(market)
        made = (await user.post(PATH, DRAFT)).json()
        assert await audit(market, user.id) == [
            ("api_key_created", {"key_id": made["id"], "scopes": "read:cleanings write:offers"})
        ]

    async def test_more_than_one_may_have(self, market: Market) -> None:
        user = await make_user(market)
        keys = [await make_api_key(market, user) for _ in range(MOST_PER_ACCOUNT)]
        response = await user.post(PATH, DRAFT)
        assert response.status_code == 409
        assert response.json()["code"] == "too_many_api_keys"
        await expire_api_key(market, keys[0])
        assert (await user.post(PATH, DRAFT)).status_code == 201
        assert (await user.delete(keys[1].path)).status_code == 204
        assert (await user.post(PATH, DRAFT)).status_code == 201

    @pytest.mark.committed
    async def test_at_once_makes_no_more_than_one_may_have(self, market: Market) -> None:
        user = await make_user(market)
        requests = (user.post(PATH, DRAFT) for _ in range(MOST_PER_ACCOUNT + 5))
        answers = Counter(response.status_code for response in await asyncio.gather(*requests))
        assert answers == {201: MOST_PER_ACCOUNT, 409: 5}
        assert len(await user.items(PATH)) == MOST_PER_ACCOUNT


class TestListing:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(PATH)).status_code == 401

    async def test_shows_all_but_the_key(self, market: Market) -> None:
        key = await make_api_key(market)
        (shown,) = await key.owner.items(PATH)
        assert shown == {name: key.data[name] for name in key.data if name != "key"}

    async def test_shows_nobody_elses(self, market: Market) -> None:
        await make_api_key(market)
        assert await (await make_user(market)).items(PATH) == []

    async def test_leaves_out_those_that_have_expired(self, market: Market) -> None:
        key = await make_api_key(market)
        await expire_api_key(market, key)
        assert await key.owner.items(PATH) == []

    async def test_goes_part_by_part(self, market: Market) -> None:
        user = await make_user(market)
        made = [(await make_api_key(market, user)).data["id"] for _ in range(3)]
        assert [key["id"] for key in await user.items(PATH, limit=1)] == made[::-1]


class TestDeleting:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.delete(f"{PATH}/{uuid4()}")).status_code == 401

    async def test_ends_a_key_at_once(self, market: Market) -> None:
        user = await make_user(market)
        key, other = [await make_api_key(market, user) for _ in range(2)]
        await assert_good(key)
        assert (await user.delete(key.path)).status_code == 204
        await assert_ended(key)
        await assert_good(other)
        assert [shown["id"] for shown in await user.items(PATH)] == [other.data["id"]]

    async def test_twice(self, market: Market) -> None:
        key = await make_api_key(market)
        await key.owner.delete(key.path)
        assert (await key.owner.delete(key.path)).status_code == 404

    async def test_of_somebody_else(self, market: Market) -> None:
        key = await make_api_key(market)
        response = await (await make_user(market)).delete(key.path)
        assert response.status_code == 404
        assert response.json()["code"] == "api_key_not_found"
        await assert_good(key)

    async def test_of_a_login_takes_another_path(self, market: Market) -> None:
        user = await make_user(market)
        (session,) = await user.items("/users/me/sessions")
        assert (await user.delete(f"{PATH}/{session['id']}")).status_code == 404
        assert (await user.get("/users/me")).status_code == 200

    async def test_is_written_down(self, market: Market) -> None:
        key = await make_api_key(market, scopes=["read:feed"])
        await key.owner.delete(key.path)
        action, details = (await audit(market, key.owner.id))[-1]
        assert action == "api_key_deleted"
        assert details == {"key_id": key.data["id"], "scopes": "read:feed"}


class TestKeysAndSessions:
    """A key holds like a session, but is none of those that its owner sees."""

    async def test_the_list_of_sessions_has_no_keys(self, market: Market) -> None:
        key = await make_api_key(market)
        (session,) = await key.owner.items("/users/me/sessions")
        assert session["current"]

    async def test_ending_a_session_ends_no_key(self, market: Market) -> None:
        key = await make_api_key(market)
        response = await key.owner.delete(f"/users/me/sessions/{key.data['id']}")
        assert response.status_code == 404
        await assert_good(key)

    async def test_ending_all_other_sessions_leaves_keys(self, market: Market) -> None:
        key = await make_api_key(market)
        assert (await key.owner.delete("/users/me/sessions")).status_code == 204
        await assert_good(key)

    async def test_logging_out_leaves_keys(self, market: Market) -> None:
        key = await make_api_key(market)
        await key.owner.delete("/auth/token")
        await assert_good(key)

    async def test_a_new_password_leaves_keys(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member)
        key = await make_api_key(market, member)
        change = {"password": "a new lighthouse", "current_password": PASSWORD}
        assert (await member.patch("/users/me", change)).status_code == 200
        assert (await login.get("/users/me")).status_code == 401
        await assert_good(key)

    async def test_deleting_the_account_deletes_keys(self, market: Market) -> None:
        key = await make_api_key(market)
        assert (await key.owner.delete("/users/me")).status_code == 204
        assert await market.app.state.database.fetch("SELECT FROM api_keys", ()) == []

    async def test_nobody_has_shown_who_they_are_in_a_keys_session(self, market: Market) -> None:
        key = await make_api_key(market)
        async with market.app.state.database.write() as transaction:
            session = await get(transaction, Session, UUID(key.data["id"]))
        assert session.authenticated_at < now() - timedelta(days=365)


moment = datetime.fromisoformat


async def audit(market: Market, user_id: UUID) -> list[tuple[str, Any]]:
    """What was done to somebody's access."""
    rows = await market.app.state.database.fetch(
        "SELECT action, details FROM audit WHERE user_id = $1 ORDER BY id", [user_id]
    )
    return [(row["action"], row["details"]) for row in rows]
