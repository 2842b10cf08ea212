"""Second factors: added, shown with each login, removed."""

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.audit import audited
from tests.factories.second_factors import (
    confirm,
    let_codes_change,
    make_careful_member,
    make_second_factor,
    prepare,
)
from tests.factories.sessions import log_in, make_login, make_member, of_answer, refresh, step_up
from tests.factories.users import PASSWORD, Actor, Market, make_user

PATH = "/users/me/second-factor"
OFF = {"on_since": None, "recovery_codes_left": 0, "removal_due_at": None}
PROOF = {"current_password": PASSWORD}


class TestPreparing:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post(PATH)).status_code == 401

    async def test_gives_a_secret_for_an_app(self, market: Market) -> None:
        user = await make_user(market)
        response = await user.post(PATH, PROOF)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        shown = response.json()
        assert len(shown["secret"]) == 32
        assert shown["uri"] == (
            f"otpauth://totp/Cleaning%20marketplace:{user.username}"
            f"?secret={shown['secret']}&issuer=Cleaning%20marketplace"
        )

    async def test_with_a_wrong_password(self, market: Market) -> None:
        member = await make_member(market)
        market.set_limit("logins_per_account", 2)
        wrong = {"current_password": "not the lighthouse"}
        for status in (403, 403, 429):
            assert (await member.post(PATH, wrong)).status_code == status
        assert (await audited(market, member.id)) == [("password_check_failed", None)] * 2
        rows = await market.app.state.database.fetch("SELECT FROM second_factors", ())
        assert rows == []

    @pytest.mark.parametrize("body", [None, {}, {"current_password": None}])
    async def test_without_the_password(self, market: Market, body: dict[str, None] | None) -> None:
        user = await make_user(market)
        assert (await user.post(PATH, body)).status_code == 422

    async def test_turns_nothing_on(self, market: Market) -> None:
        member = await make_member(market)
        await prepare(member)
        assert (await member.get(PATH)).json() == OFF
        assert (await log_in(market, member.username)).status_code == 200

    async def test_anew_makes_another_secret(self, market: Market) -> None:
        user = await make_user(market)
        first, second = await prepare(user), await prepare(user)
        assert first.secret != second.secret
        assert (await confirm(user, first.code())).status_code == 422
        assert (await confirm(user, second.code())).status_code == 200

    async def test_beside_one_that_is_on(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        response = await member.post(PATH, PROOF)
        assert response.status_code == 409
        assert response.json()["code"] == "second_factor_on"
        assert (await log_in(market, member.username, otp=app.code())).status_code == 200

    async def test_keeps_no_secret_that_can_be_read(self, market: Market) -> None:
        user = await make_user(market)
        app = await prepare(user)
        (row,) = await market.app.state.database.fetch(
            "SELECT secret FROM second_factors WHERE user_id = $1", [user.id]
        )
        assert app.secret.encode() not in row["secret"]


class TestConfirming:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        response = await client.post(f"{PATH}/confirmation", json={"code": "123456"})
        assert response.status_code == 401

    async def test_turns_it_on(self, market: Market) -> None:
        user = await make_user(market)
        app = await prepare(user)
        response = await confirm(user, app.code())
        assert response.status_code == 200
        assert len(set(response.json()["recovery_codes"])) == 10
        shown = (await user.get(PATH)).json()
        assert shown["on_since"] is not None
        assert shown["recovery_codes_left"] == 10

    @pytest.mark.parametrize("steps", [-1, 1])
    async def test_at_another_time(self, market: Market, steps: int) -> None:
        user = await make_user(market)
        app = await prepare(user)
        response = await confirm(user, app.code(steps))
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["code"]
        assert (await user.get(PATH)).json() == OFF

    async def test_of_what_is_not_prepared(self, market: Market) -> None:
        user = await make_user(market)
        response = await confirm(user, "123456")
        assert response.status_code == 404
        assert response.json()["code"] == "second_factor_not_found"

    async def test_of_what_is_on(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        response = await confirm(member, app.code())
        assert response.status_code == 409
        assert response.json()["code"] == "second_factor_on"

    async def test_uses_the_code_up(self, market: Market) -> None:
        member = await make_member(market)
        app = await prepare(member)
        code = app.code()
        await confirm(member, code)
        response = await log_in(market, member.username, otp=code)
        assert response.json()["code"] == "invalid_second_factor"

    async def test_ends_all_other_sessions(self, market: Market) -> None:
        member = await make_member(market)
        other, refresh_token = await make_login(market, member)
        await make_second_factor(market, member)
        assert (await member.get("/users/me")).status_code == 200
        assert (await other.get("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401

    async def test_is_written_down(self, market: Market) -> None:
        user = await make_user(market)
        await make_second_factor(market, user)
        assert await audited(market, user.id) == [
            ("second_factor_added", "totp"),
            ("second_factor_added", "recovery_code"),
        ]


class TestReading:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(PATH)).status_code == 401

    async def test_when_there_is_none(self, market: Market) -> None:
        await make_careful_member(market)
        assert (await (await make_user(market)).get(PATH)).json() == OFF

    async def test_says_how_many_recovery_codes_are_left(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        for code in codes[:3]:
            await log_in(market, member.username, otp=code)
        assert (await member.get(PATH)).json()["recovery_codes_left"] == 7


class TestRenewingRecoveryCodes:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post(f"{PATH}/recovery-codes")).status_code == 401

    async def test_voids_the_old_ones(self, market: Market) -> None:
        member, _, old = await make_careful_member(market)
        response = await member.post(f"{PATH}/recovery-codes")
        assert response.status_code == 200
        new = response.json()["recovery_codes"]
        assert len({*old, *new}) == 20
        assert (await log_in(market, member.username, otp=old[0])).status_code == 401
        assert (await log_in(market, member.username, otp=new[0])).status_code == 200
        assert (await audited(market, member.id))[2] == ("second_factor_added", "recovery_code")

    @pytest.mark.parametrize("prepared", [False, True])
    async def test_without_a_second_factor(self, market: Market, *, prepared: bool) -> None:
        user = await make_user(market)
        if prepared:
            await prepare(user)
        response = await user.post(f"{PATH}/recovery-codes")
        assert response.status_code == 404
        assert response.json()["code"] == "second_factor_not_found"

    async def test_keeps_none_that_can_be_read(self, market: Market) -> None:
        _, _, codes = await make_careful_member(market)
        rows = await market.app.state.database.fetch("SELECT hash FROM recovery_codes", ())
        assert len(rows) == len(codes)
        assert {len(row["hash"]) for row in rows} == {32}


class TestRemoving:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.delete(PATH)).status_code == 401

    async def test_has_logins_need_the_password_only(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        assert (await member.delete(PATH)).status_code == 204
        assert (await member.get(PATH)).json() == OFF
        assert (await log_in(market, member.username)).status_code == 200
        rows = await market.app.state.database.fetch("SELECT FROM recovery_codes", ())
        assert rows == []

    async def test_ends_all_other_sessions(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        other, refresh_token = await make_login(market, member, app.code())
        await member.delete(PATH)
        assert (await member.get("/users/me")).status_code == 200
        assert (await other.get("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401

    @pytest.mark.parametrize("prepared", [False, True])
    async def test_what_is_not_on(self, market: Market, *, prepared: bool) -> None:
        user = await make_user(market)
        if prepared:
            await prepare(user)
        response = await user.delete(PATH)
        assert response.status_code == 404
        assert response.json()["code"] == "second_factor_not_found"

    async def test_leaves_room_for_another(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        await member.delete(PATH)
        app, _ = await make_second_factor(market, member)
        assert (await log_in(market, member.username, otp=codes[0])).status_code == 401
        assert (await log_in(market, member.username, otp=app.code())).status_code == 200

    async def test_is_written_down(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        await member.delete(PATH)
        assert (await audited(market, member.id))[-1] == ("second_factor_removed", "totp")

    async def test_with_the_account(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        assert (await member.delete("/users/me")).status_code == 204
        for table in ("second_factors", "recovery_codes"):
            rows = await market.app.state.database.fetch(f"SELECT FROM {table}", ())
            assert rows == []


async def admitted(actor: Actor) -> bool:
    """Whether somebody may look after the market."""
    response = await actor.get("/admin/users")
    if response.is_success:
        return True
    assert (response.status_code, response.json()["code"]) == (403, "staff_needs_second_factor")
    return False


class TestDemandingItOfStaff:
    @pytest.fixture(autouse=True)
    def demanded(self, market: Market) -> None:
        market.replace_safeguards(staff_needs_second_factor=True)

    async def test_who_have_none(self, market: Market) -> None:
        assert not await admitted(await make_member(market, role=UserRole.STAFF))

    async def test_who_logged_in_before_they_had_one(self, market: Market) -> None:
        login, _ = await make_login(market, await make_member(market, role=UserRole.STAFF))
        await make_second_factor(market, login)
        assert not await admitted(login)

    async def test_who_have_shown_it(self, market: Market) -> None:
        staff, app, codes = await make_careful_member(market, role=UserRole.STAFF)
        for otp in (app.code(), codes[0]):
            login, _ = await make_login(market, staff, otp)
            assert await admitted(login)
        await let_codes_change(market, staff)
        stepped_up, _ = of_answer(staff, await step_up(staff, otp=app.code()))
        assert await admitted(stepped_up)

    async def test_who_have_refreshed_since(self, market: Market) -> None:
        staff, app, _ = await make_careful_member(market, role=UserRole.STAFF)
        _, refresh_token = await make_login(market, staff, app.code())
        login, _ = of_answer(staff, await refresh(market, refresh_token))
        assert await admitted(login)

    async def test_who_have_removed_it_since(self, market: Market) -> None:
        staff, app, _ = await make_careful_member(market, role=UserRole.STAFF)
        login, _ = await make_login(market, staff, app.code())
        assert (await login.delete(PATH)).status_code == 204
        assert not await admitted(login)

    async def test_is_not_done_everywhere(self, market: Market) -> None:
        market.replace_safeguards(staff_needs_second_factor=False)
        assert await admitted(await make_member(market, role=UserRole.STAFF))
