"""Stepping up: what only somebody may do who has shown lately who they are."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.fields import now
from app.db.models.second_factors import SecondFactor
from app.db.models.users import User
from tests.api.test_access import NOWHERE
from tests.audit import audited
from tests.factories.second_factors import confirm, make_careful_member, prepare
from tests.factories.sessions import (
    age,
    log_in,
    make_login,
    make_member,
    of_answer,
    refresh,
    step_up,
)
from tests.factories.users import PASSWORD, Market, make_user, market_from
from tests.locks import held
from tests.operations import OPERATIONS, Operation
from tests.rows import get

NEW_PASSWORD = "a harbour in summer"
LIMIT = 3
ACCOUNT = "SELECT FROM users WHERE id = $1"
GUARDED = {
    "change_user",
    "delete_user",
    "make_api_key",
    "prepare_second_factor",
    "confirm_second_factor",
    "renew_recovery_codes",
    "remove_second_factor",
    "delete_session",
    "delete_other_sessions",
}
"""What needs a recent login: `change_user` if anything is to change."""

CHANGES: list[dict[str, Any]] = [
    {"email": "new@example.com", "current_password": PASSWORD},
    {"username": "new-name"},
    {"password": NEW_PASSWORD, "current_password": PASSWORD},
    {"password": NEW_PASSWORD, "current_password": "not the lighthouse"},
]


class TestSteppingUp:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        response = await client.post("/auth/step-up", json={"password": PASSWORD})
        assert response.status_code == 401

    async def test_begins_a_session_in_place_of_the_one_that_asks(self, market: Market) -> None:
        member = await make_member(market)
        login, refresh_token = await make_login(market, member)
        response = await step_up(login)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        new, new_refresh_token = of_answer(login, response)
        assert (await new.get("/users/me")).json()["id"] == str(member.id)
        assert (await login.get("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401
        assert (await refresh(market, new_refresh_token)).status_code == 200
        assert len(await new.items("/users/me/sessions")) == 2

    async def test_shows_the_same_device(self, market: Market) -> None:
        member = await make_member(market)
        phone = {"User-Agent": "Telephone/1.0"}
        login, _ = await make_login(market, member, **phone)
        response = await login.post("/auth/step-up", {"password": PASSWORD}, headers=phone)
        new, _ = of_answer(login, response)
        assert (await new.items("/users/me/sessions"))[0]["device"] == "Telephone/1.0"

    async def test_with_a_wrong_password(self, market: Market) -> None:
        member = await make_member(market)
        response = await step_up(member, "not the lighthouse")
        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"
        assert (await member.get("/users/me")).status_code == 200
        assert await audited(market, member.id) == [("step_up_failed", "password")]

    async def test_with_a_second_factor(self, market: Market) -> None:
        member, app, codes = await make_careful_member(market)
        code = app.code()
        for otp in (code, codes[0]):
            response = await step_up(member, otp=otp)
            member, _ = of_answer(member, response)
        for otp in (code, codes[0]):
            response = await step_up(member, otp=otp)
            assert response.status_code == 401
            assert response.json()["code"] == "invalid_second_factor"
        assert (await member.get("/users/me")).status_code == 200
        assert (await audited(market, member.id))[2:] == [
            ("stepped_up", "totp"),
            ("recovery_code_used", None),
            ("stepped_up", "recovery_code"),
            ("step_up_failed", "second_factor"),
            ("step_up_failed", "second_factor"),
        ]

    async def test_without_the_second_factor(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        response = await step_up(member)
        assert response.status_code == 401
        assert response.json()["code"] == "second_factor_needed"
        assert (await member.get("/users/me")).status_code == 200

    async def test_is_written_down(self, market: Market) -> None:
        member = await make_member(market)
        await step_up(member)
        assert await audited(market, member.id) == [("stepped_up", "password")]


class TestGuessing:
    @pytest.fixture(autouse=True)
    def low(self, market: Market) -> None:
        market.set_limit("logins_per_account", LIMIT)

    async def test_is_refused_after_a_while(self, market: Market) -> None:
        member = await make_member(market)
        for _ in range(LIMIT):
            assert (await step_up(member, "not the lighthouse")).status_code == 401
        response = await step_up(member)
        assert response.status_code == 429
        assert "logins_per_account" in response.headers["RateLimit-Policy"]

    async def test_while_changing_the_password_is_refused_too(self, market: Market) -> None:
        member = await make_member(market)
        for changes, status in [(CHANGES[3], 403)] * LIMIT + [(CHANGES[2], 429)]:
            response = await member.patch("/users/me", changes)
            assert response.status_code == status
        assert "logins_per_account" in response.headers["RateLimit-Policy"]

    async def test_by_a_thief_elsewhere_leaves_the_change_to_its_owner(
        self, market: Market
    ) -> None:
        owner, _ = await make_login(market, await make_member(market))
        elsewhere = market_from(market, "203.0.113.7").client
        thief = replace(owner, client=elsewhere)
        for changes, status in [(CHANGES[3], 403)] * LIMIT + [(CHANGES[2], 429)]:
            assert (await thief.patch("/users/me", changes)).status_code == status
        assert (await owner.patch("/users/me", CHANGES[2])).status_code == 200

    async def test_leaves_the_login_to_its_owner(self, market: Market) -> None:
        member = await make_member(market)
        for _ in range(LIMIT):
            await step_up(member, "not the lighthouse")
        assert (await log_in(market, member.username)).status_code == 200

    async def test_is_not_what_those_do_who_are_right(self, market: Market) -> None:
        member = await make_member(market)
        for _ in range(LIMIT + 2):
            member, _ = of_answer(member, await step_up(member))


class TestAnOldLogin:
    @pytest.mark.parametrize("operation", OPERATIONS, ids=str)
    async def test_needs_to_step_up_for_what_changes_how_one_logs_in(
        self, market: Market, operation: Operation
    ) -> None:
        user = await make_user(market)
        await age(market, user)
        response = await user.request(
            operation.method, operation.url(NOWHERE), **operation.good_content
        )
        refused = response.status_code == 403 and response.json()["code"] == "step_up_needed"
        assert refused == (str(operation) in GUARDED)

    @pytest.mark.parametrize("changes", CHANGES)
    async def test_changes_no_account(self, market: Market, changes: dict[str, Any]) -> None:
        member = await make_member(market)
        before = (await member.get("/users/me")).json()
        await age(market, member)
        response = await member.patch("/users/me", changes)
        assert response.status_code == 403
        assert response.json()["code"] == "step_up_needed"
        assert "/api/v1/auth/step-up" in response.json()["detail"]
        assert (await member.get("/users/me")).json() == before

    @pytest.mark.parametrize("changes", CHANGES[:3])
    async def test_does_so_when_it_has_stepped_up(
        self, market: Market, changes: dict[str, Any]
    ) -> None:
        member = await make_member(market)
        await age(market, member)
        member, _ = of_answer(member, await step_up(member))
        assert (await member.patch("/users/me", changes)).status_code == 200

    async def test_changes_nothing_without_stepping_up(self, market: Market) -> None:
        member = await make_member(market)
        await age(market, member)
        assert (await member.patch("/users/me", {})).status_code == 200

    async def test_grows_no_younger_by_being_refreshed(self, market: Market) -> None:
        login, refresh_token = await make_login(market, await make_member(market))
        await age(market, login)
        login, _ = of_answer(login, await refresh(market, refresh_token))
        assert (await login.delete("/users/me")).status_code == 403

    async def test_is_one_of_more_than_ten_minutes(self, market: Market) -> None:
        member = await make_member(market)
        await age(market, member, timedelta(minutes=9, seconds=50))
        assert (await member.patch("/users/me", {"username": "new-name"})).status_code == 200

    async def test_ends_no_other(self, market: Market) -> None:
        member = await make_member(market)
        other, _ = await make_login(market, member)
        await age(market, member)
        newest, _ = await member.items("/users/me/sessions")
        for path in ("/users/me/sessions", f"/users/me/sessions/{newest['id']}"):
            assert (await member.delete(path)).status_code == 403
        assert (await other.get("/users/me")).status_code == 200

    async def test_ends_others_when_it_has_stepped_up(self, market: Market) -> None:
        member = await make_member(market)
        others = [(await make_login(market, member))[0] for _ in range(2)]
        await age(market, member)
        member, _ = of_answer(member, await step_up(member))
        newest = (await others[1].items("/users/me/sessions"))[1]
        assert (await member.delete(f"/users/me/sessions/{newest['id']}")).status_code == 204
        assert (await others[1].get("/users/me")).status_code == 401
        assert (await member.delete("/users/me/sessions")).status_code == 204
        assert (await others[0].get("/users/me")).status_code == 401

    async def test_prepares_no_second_factor(self, market: Market) -> None:
        member = await make_member(market)
        await age(market, member)
        proof = {"current_password": PASSWORD}
        response = await member.post("/users/me/second-factor", proof)
        assert response.status_code == 403
        assert response.json()["code"] == "step_up_needed"

    async def test_can_log_out(self, market: Market) -> None:
        member = await make_member(market)
        await age(market, member)
        assert (await member.delete("/auth/token")).status_code == 204
        assert (await member.get("/users/me")).status_code == 401

    async def test_can_step_up_to_a_second_factor(self, market: Market) -> None:
        member = await make_member(market)
        await age(market, member)
        member, _ = of_answer(member, await step_up(member))
        app = await prepare(member)
        assert (await confirm(member, app.code())).status_code == 200


@pytest.mark.committed
class TestAtOnce:
    async def test_one_session_steps_up_once(self, market: Market) -> None:
        member = await make_member(market)
        answers = await asyncio.gather(*(step_up(member) for _ in range(4)))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 3}
        codes = {answer.json()["code"] for answer in answers if answer.status_code == 401}
        assert codes == {"unauthenticated"}

    async def test_a_password_that_is_being_changed_is_not_good_any_more(
        self, market: Market
    ) -> None:
        member = await make_member(market)
        async with held(market, ACCOUNT, member.id, waiting=2) as transaction:
            attempts = [
                asyncio.create_task(log_in(market, member.username)),
                asyncio.create_task(step_up(member)),
            ]
            user = await get(transaction, User, member.id)
            user.password_hash = await market.safeguards.passwords.hash(NEW_PASSWORD)
        for attempt in attempts:
            assert (await attempt).status_code == 503
        assert len(await member.items("/users/me/sessions")) == 1

    async def test_a_second_factor_that_is_being_turned_on_is_needed(self, market: Market) -> None:
        member = await make_member(market)
        async with held(market, ACCOUNT, member.id, waiting=2) as transaction:
            attempts = [
                asyncio.create_task(log_in(market, member.username)),
                asyncio.create_task(step_up(member)),
            ]
            transaction.add(SecondFactor(user_id=member.id, secret=b"", confirmed_at=now()))
        for attempt in attempts:
            assert (await attempt).json()["code"] == "second_factor_needed"
        assert len(await member.items("/users/me/sessions")) == 1
