"""What a session has asked for is void once that session has ended, in whatever way."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from httpx import Response

from app.db.models.users import UserRole
from tests.factories.links import mailed_token, verify, verifying
from tests.factories.second_factors import confirm, make_second_factor, prepare
from tests.factories.sessions import (
    age,
    expire,
    log_in,
    make_login,
    make_member,
    of_answer,
    refresh,
    session_of,
    step_up,
)
from tests.factories.users import PASSWORD, Actor, Market, change_email, make_user
from tests.mail import deliver

NEW_PASSWORD = "another lighthouse"
GROUNDS = {"reason": "Its owner says that it was stolen."}
End = Callable[[Market, Actor, Actor], Awaitable[object]]


async def log_out(_: Market, __: Actor, thief: Actor) -> None:
    await thief.delete("/auth/token")


async def end_it(market: Market, owner: Actor, thief: Actor) -> None:
    session = await session_of(market, thief.token)
    assert (await owner.delete(f"/users/me/sessions/{session.id}")).status_code == 204


async def end_all_others(_: Market, owner: Actor, __: Actor) -> None:
    assert (await owner.delete("/users/me/sessions")).status_code == 204


async def change_password(_: Market, owner: Actor, __: Actor) -> None:
    change = {"password": NEW_PASSWORD, "current_password": PASSWORD}
    assert (await owner.patch("/users/me", change)).status_code == 200


async def turn_second_factor_on(market: Market, owner: Actor, _: Actor) -> None:
    await make_second_factor(market, owner)


async def end_by_staff(market: Market, owner: Actor, _: Actor) -> None:
    staff = await make_user(market, role=UserRole.STAFF)
    response = await staff.delete(f"/admin/users/{owner.id}/sessions", json=GROUNDS)
    assert response.status_code == 204


async def block_for_a_while(market: Market, owner: Actor, _: Actor) -> None:
    staff = await make_user(market, role=UserRole.STAFF)
    await staff.post(f"/admin/users/{owner.id}/block", GROUNDS)
    await staff.delete(f"/admin/users/{owner.id}/block", json=GROUNDS)


async def deactivate_for_a_while(market: Market, owner: Actor, _: Actor) -> None:
    staff = await make_user(market, role=UserRole.STAFF)
    await staff.post(f"/admin/users/{owner.id}/deactivation", GROUNDS)
    await staff.delete(f"/admin/users/{owner.id}/deactivation", json=GROUNDS)


async def let_it_expire(market: Market, _: Actor, thief: Actor) -> None:
    await expire(market, thief.token)


ENDS = [
    log_out,
    end_it,
    end_all_others,
    change_password,
    turn_second_factor_on,
    end_by_staff,
    block_for_a_while,
    deactivate_for_a_while,
    let_it_expire,
]


async def reuse(market: Market, refresh_token: str) -> None:
    """Uses a refresh token twice, from two devices."""
    for device in ("Telephone/1.0", "Laptop/2.0"):
        await refresh(market, refresh_token, **{"User-Agent": device})


def check_void(response: Response) -> None:
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_link"


class TestAChangeOfAddress:
    @pytest.mark.parametrize("end", ENDS)
    async def test_that_was_mailed_is_void(self, market: Market, end: End) -> None:
        owner = await make_member(market)
        thief, _ = await make_login(market, owner)
        with verifying(market):
            assert (await change_email(thief, "thief@example.com")).status_code == 200
            token = await mailed_token(market)
            await end(market, owner, thief)
            check_void(await verify(market, token))

    @pytest.mark.parametrize("end", ENDS[:-1])
    async def test_that_waits_to_be_mailed_is_never_sent(self, market: Market, end: End) -> None:
        owner = await make_member(market)
        thief, _ = await make_login(market, owner)
        with verifying(market):
            await change_email(thief, "thief@example.com")
            await end(market, owner, thief)
            recipients = {mail["To"] for mail in await deliver(market)}
        assert "thief@example.com" not in recipients

    async def test_is_void_when_a_refresh_token_comes_back(self, market: Market) -> None:
        thief, refresh_token = await make_login(market, await make_member(market))
        with verifying(market):
            await change_email(thief, "thief@example.com")
            token = await mailed_token(market)
            await reuse(market, refresh_token)
            check_void(await verify(market, token))

    async def test_goes_on_in_the_session_that_steps_up(self, market: Market) -> None:
        member = await make_member(market)
        with verifying(market):
            await change_email(member, "new@example.com")
            member, _ = of_answer(member, await step_up(member))
            token = await mailed_token(market)
            member, _ = of_answer(member, await step_up(member))
            assert (await verify(market, token)).status_code == 204
        assert (await member.get("/users/me")).json()["email"] == "new@example.com"

    async def test_and_a_new_password_at_once_do_not_undo_each_other(self, market: Market) -> None:
        member = await make_member(market)
        change = {
            "email": "new@example.com",
            "password": NEW_PASSWORD,
            "current_password": PASSWORD,
        }
        with verifying(market):
            assert (await member.patch("/users/me", change)).status_code == 200
            assert (await verify(market, await mailed_token(market))).status_code == 204

    async def test_of_another_session_goes_on(self, market: Market) -> None:
        member = await make_member(market)
        other, _ = await make_login(market, member)
        with verifying(market):
            await change_email(member, "new@example.com")
            token = await mailed_token(market)
            await other.delete("/auth/token")
            assert (await verify(market, token)).status_code == 204


class TestAPreparedSecondFactor:
    @pytest.mark.parametrize(
        "end",
        [end for end in ENDS[:-1] if end is not turn_second_factor_on],  # which replaces it
    )
    async def test_is_deleted(self, market: Market, end: End) -> None:
        owner = await make_member(market)
        thief, _ = await make_login(market, owner)
        app = await prepare(thief)
        await end(market, owner, thief)
        rows = await market.app.state.database.fetch("SELECT FROM second_factors", ())
        assert rows == []
        password = NEW_PASSWORD if end is change_password else PASSWORD
        response = await log_in(market, owner.username, password)
        again, _ = of_answer(owner, response)
        assert (await confirm(again, app.code())).status_code == 404

    async def test_is_not_confirmed_in_another_session(self, market: Market) -> None:
        owner = await make_member(market)
        thief, _ = await make_login(market, owner)
        app = await prepare(thief)
        response = await confirm(owner, app.code())
        assert response.status_code == 404
        assert response.json()["code"] == "second_factor_not_found"

    async def test_goes_on_in_the_session_that_steps_up(self, market: Market) -> None:
        member = await make_member(market)
        app = await prepare(member)
        await age(market, member, timedelta(minutes=11))
        member, _ = of_answer(member, await step_up(member))
        assert (await confirm(member, app.code())).status_code == 200

    async def test_that_is_confirmed_outlives_its_session(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member)
        await make_second_factor(market, login)
        await login.delete("/auth/token")
        response = await log_in(market, member.username)
        assert response.json()["code"] == "second_factor_needed"
