"""Logins with a second factor: what is let in, and what is never let in twice."""

import asyncio
from collections import Counter

import pytest

from app.api.server import get_application
from app.core.config import Settings
from app.postgres.database import Database
from app.postgres.pool import FairPool
from tests.audit import audited
from tests.factories.links import mailed_token
from tests.factories.second_factors import (
    Authenticator,
    let_codes_change,
    make_careful_member,
    make_second_factor,
)
from tests.factories.sessions import log_in, make_member
from tests.factories.users import PASSWORD, Actor, Market, market_from
from tests.locks import held

OLD, NEW = "the first secret of this service", "the next secret of this service!"
HOME, ABROAD = "203.0.113.7", "2001:db8:1:2::7"
LIMIT = 3
FACTOR = "SELECT FROM second_factors WHERE user_id = $1"


async def check_refused(market: Market, member: Actor, otp: str) -> None:
    """Tries a code that is not good."""
    response = await log_in(market, member.username, otp=otp)
    assert response.status_code == 401
    assert response.json()["code"] == "invalid_second_factor"
    assert response.headers["WWW-Authenticate"] == "Bearer"


class TestLoggingIn:
    async def test_with_a_code(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        response = await log_in(market, member.username, otp=app.code())
        assert response.status_code == 200
        headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
        assert (await market.client.get("/users/me", headers=headers)).status_code == 200

    async def test_with_a_code_as_some_apps_write_it(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        code = app.code()
        otp = f" {code[:3]} {code[3:]}"
        assert (await log_in(market, member.username, otp=otp)).status_code == 200

    @pytest.mark.parametrize("otp", [None, ""])
    async def test_without_one(self, market: Market, otp: str | None) -> None:
        member, _, _ = await make_careful_member(market)
        response = await log_in(market, member.username, otp=otp)
        assert response.status_code == 401
        assert response.json()["code"] == "second_factor_needed"
        assert len(await member.items("/users/me/sessions")) == 1
        assert (await audited(market, member.id))[2:] == [("sign_in_failed", "no_second_factor")]

    @pytest.mark.parametrize("steps", [-1, 1])
    async def test_with_one_of_another_time(self, market: Market, steps: int) -> None:
        member, app, _ = await make_careful_member(market)
        await check_refused(market, member, app.code(steps))

    @pytest.mark.parametrize("otp", ["1234567", "12345", "١٢٣٤٥٦", "abcdef", "-", "x" * 64])
    async def test_with_what_is_no_code(self, market: Market, otp: str) -> None:
        member, _, _ = await make_careful_member(market)
        await check_refused(market, member, otp)

    async def test_with_one_of_somebody_else(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        _, app, codes = await make_careful_member(market)
        for otp in (app.code(), codes[0]):
            await check_refused(market, member, otp)

    async def test_with_one_that_was_used(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        code = app.code()
        assert (await log_in(market, member.username, otp=code)).status_code == 200
        await check_refused(market, member, code)

    async def test_with_one_though_none_is_needed(self, market: Market) -> None:
        member = await make_member(market)
        assert (await log_in(market, member.username, otp="123456")).status_code == 200

    async def test_with_the_secret_of_somebody_else(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        thief, app, _ = await make_careful_member(market)
        await market.app.state.database.fetch(
            "UPDATE second_factors SET secret = thief.secret"
            " FROM second_factors thief WHERE second_factors.user_id = $1 AND thief.user_id = $2",
            [member.id, thief.id],
        )
        await check_refused(market, member, app.code())

    async def test_is_written_down(self, market: Market) -> None:
        member, app, codes = await make_careful_member(market)
        for otp in (app.code(), codes[0], "000000"):
            await log_in(market, member.username, otp=otp)
        await log_in(market, member.username, "not the lighthouse", app.code())
        assert (await audited(market, member.id))[2:] == [
            ("signed_in", "totp"),
            ("recovery_code_used", None),
            ("signed_in", "recovery_code"),
            ("sign_in_failed", "second_factor"),
            ("sign_in_failed", "password"),
        ]


class TestRecoveryCodes:
    async def test_are_good_once(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        assert (await log_in(market, member.username, otp=codes[4])).status_code == 200
        await check_refused(market, member, codes[4])
        assert (await log_in(market, member.username, otp=codes[5])).status_code == 200

    async def test_may_be_written_differently(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        otp = codes[0].replace("-", " ").lower()
        assert (await log_in(market, member.username, otp=otp)).status_code == 200

    async def test_leave_the_app_as_it_is(self, market: Market) -> None:
        member, app, codes = await make_careful_member(market)
        for otp in (codes[0], app.code()):
            assert (await log_in(market, member.username, otp=otp)).status_code == 200


class TestResettingThePassword:
    async def test_leaves_the_second_factor(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        path, new = "/auth/password-reset", "a harbour in summer"
        assert (await market.client.post(path, json={"email": member.email})).is_success
        reset = {"token": await mailed_token(market), "password": new}
        response = await market.client.post(f"{path}/confirmation", json=reset)
        assert response.status_code == 204
        response = await log_in(market, member.username, new)
        assert response.json()["code"] == "second_factor_needed"
        assert (await log_in(market, member.username, new, app.code())).status_code == 200


class TestWhoDoesNotKnowThePassword:
    async def test_learns_nothing_of_the_second_factor(self, market: Market) -> None:
        careful, app, codes = await make_careful_member(market)
        plain = await make_member(market)
        told = set()
        for number, otp in enumerate((None, "000000", app.code(), codes[0])):
            stranger = market_from(market, f"203.0.113.{number}")
            for name in (careful.username, plain.username, "nobody-of-this-name"):
                response = await log_in(stranger, name, "not the lighthouse", otp)
                told.add((response.status_code, str(response.json() | {"request_id": None})))
        assert len(told) == 1
        assert (await log_in(market, careful.username, otp=codes[0])).status_code == 200


@pytest.mark.committed
class TestAtOnce:
    async def count(self, market: Market, member: Actor, otp: str) -> Counter[int]:
        """Uses one code several times at once, each time from another address."""
        markets = [market_from(market, f"203.0.113.{number}") for number in range(4)]
        async with held(market, FACTOR, member.id, waiting=4):
            logins = [
                asyncio.create_task(log_in(from_there, member.username, otp=otp))
                for from_there in markets
            ]
        return Counter([(await login).status_code for login in logins])

    async def test_a_code_lets_one_in(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        assert await self.count(market, member, app.code()) == {200: 1, 401: 3}
        assert len(await member.items("/users/me/sessions")) == 2

    async def test_a_recovery_code_lets_one_in(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        assert await self.count(market, member, codes[0]) == {200: 1, 401: 3}
        assert (await member.get("/users/me/second-factor")).json()["recovery_codes_left"] == 9

    async def test_two_codes_let_both_in(self, market: Market) -> None:
        member, app, codes = await make_careful_member(market)
        answers = await asyncio.gather(
            *(log_in(market, member.username, otp=otp) for otp in (app.code(), codes[0]))
        )
        assert [answer.status_code for answer in answers] == [200, 200]

    async def test_several_take_no_more_than_one_connection_each(self, market: Market) -> None:
        members = [await make_careful_member(market) for _ in range(3)]
        state = market.app.state
        database, pool = state.database, FairPool(state.engine, size=1, timeout=5, queue=100)
        state.database = Database(pool)
        answers = await asyncio.gather(
            *(log_in(market, it.username, otp=app.code()) for it, app, _ in members)
        )
        state.database = database
        await pool.close()
        assert [answer.status_code for answer in answers] == [200, 200, 200]


class TestGuessingCodes:
    @pytest.fixture(autouse=True)
    def low(self, market: Market) -> None:
        market.set_limit("second_factors_per_account", LIMIT)

    async def guess(self, market: Market, member: Actor) -> None:
        for _ in range(LIMIT):
            await check_refused(market, member, "not a code")

    async def test_is_refused_after_a_while(self, market: Market) -> None:
        member, app, codes = await make_careful_member(market)
        await self.guess(market, member)
        for otp in (app.code(), codes[0]):
            response = await log_in(market, member.username, otp=otp)
            assert response.status_code == 429
            assert response.json()["code"] == "too_many_requests"
            assert "second_factors_per_account" in response.headers["RateLimit-Policy"]
            assert 0 < int(response.headers["Retry-After"]) <= 3600

    @pytest.mark.committed
    async def test_is_refused_however_many_come_at_once(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        answers = await asyncio.gather(
            *(log_in(market, member.username, otp="000000") for _ in range(2 * LIMIT))
        )
        assert Counter(it.status_code for it in answers) == {401: LIMIT, 429: LIMIT}

    async def test_is_left_to_those_who_know_the_password(self, market: Market) -> None:
        member, app, _ = await make_careful_member(market)
        for _ in range(LIMIT + 1):
            await log_in(market, member.username, "not the lighthouse", "000000")
            await log_in(market, member.username)
        assert (await log_in(market, member.username, otp=app.code())).status_code == 200

    async def test_keeps_nobody_out_from_where_they_were_before(self, market: Market) -> None:
        member, app, codes = await make_careful_member(market)
        home = market_from(market, HOME)
        assert (await log_in(home, member.username, otp=app.code())).status_code == 200
        await self.guess(market_from(market, ABROAD), member)
        assert (await log_in(market, member.username, otp=codes[0])).status_code == 429
        assert (await log_in(home, member.username, otp=codes[0])).status_code == 200

    async def test_is_not_what_those_do_who_are_right(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        for otp in codes[: LIMIT + 2]:
            assert (await log_in(market, member.username, otp=otp)).status_code == 200

    async def test_of_several_accounts_counts_as_guessing_their_passwords(
        self, market: Market
    ) -> None:
        market.set_limit("logins_per_address", LIMIT)
        for _ in range(LIMIT):
            member, app, _ = await make_careful_member(market)
            await check_refused(market, member, "000000")
        response = await log_in(market, member.username, otp=app.code())
        assert response.status_code == 429
        assert "logins_per_address" in response.headers["RateLimit-Policy"]


class TestChangingTheSecretOfTheInstallation:
    def process(self, market: Market, present: str, previous: str = "") -> Market:
        """A process of the service with secrets of its own, on the same database."""
        app = get_application(
            Settings(environment="development", secret_key=present, secret_key_previous=previous)
        )
        app.state.database = market.app.state.database
        return market_from(Market(app, market.client), HOME)

    async def join(self, market: Market) -> tuple[Actor, Authenticator, list[str]]:
        """Somebody who gets their second factor from this process."""
        member = await make_member(market)
        return member, *await make_second_factor(market, member)

    async def test_leaves_those_in_who_log_in_meanwhile(self, market: Market) -> None:
        before, meanwhile, after = (
            self.process(market, *secrets) for secrets in [(OLD,), (NEW, OLD), (NEW,)]
        )
        member, app, _ = await self.join(before)
        for process in (meanwhile, after):
            response = await log_in(process, member.username, otp=app.code())
            assert response.status_code == 200
            await let_codes_change(market, member)
        await check_refused(before, member, app.code())

    async def test_leaves_recovery_codes_to_those_who_come_late(self, market: Market) -> None:
        before, after = self.process(market, OLD), self.process(market, NEW)
        member, app, codes = await self.join(before)
        await check_refused(after, member, app.code())
        form = {"username": member.username, "password": PASSWORD, "otp": codes[0]}
        assert (await after.client.post("/auth/token", data=form)).status_code == 200
