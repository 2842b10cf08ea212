"""Removals of second factors that have fallen due."""

import asyncio

import pytest

from app.worker.clock import STEPS, Step
from tests.audit import audited
from tests.factories.api_keys import assert_good, make_api_key
from tests.factories.removals import FACTOR, let_it_fall_due, letters, make_pending, stop, work
from tests.factories.second_factors import (
    make_second_factor,
)
from tests.factories.sessions import log_in, make_login, refresh
from tests.factories.users import Market


class TestWhenItIsDue:
    async def test_logins_need_the_password_only(self, market: Market) -> None:
        member, _, _, token = await make_pending(market)
        await let_it_fall_due(market)
        assert await work(market) == 1
        assert await work(market) == 0
        assert (await log_in(market, member.username)).status_code == 200
        assert (await stop(market, token)).json()["code"] == "invalid_link"

    async def test_all_logins_end_and_keys_go_on(self, market: Market) -> None:
        member, _, app, _ = await make_pending(market)
        key = await make_api_key(market, member)
        login, refresh_token = await make_login(market, member, app.code())
        await let_it_fall_due(market)
        await work(market)
        for actor in (member, login):
            assert (await actor.get("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401
        await assert_good(key)

    async def test_its_owner_is_told(self, market: Market) -> None:
        member, _, _, _ = await make_pending(market)
        await let_it_fall_due(market)
        await work(market)
        (mail,) = await letters(market)
        assert (mail["To"], mail["Subject"]) == (member.email, "Your second factor is off")
        assert (await audited(market, member.id))[-1] == ("second_factor_removed", "totp")

    async def test_another_that_was_turned_on_meanwhile_stays(self, market: Market) -> None:
        member, _, _, _ = await make_pending(market)
        await member.delete(FACTOR)
        app, _ = await make_second_factor(market, member)
        await let_it_fall_due(market)
        assert await work(market) == 0
        assert (await log_in(market, member.username, otp=app.code())).status_code == 200

    @pytest.mark.committed
    async def test_several_workers_remove_each_once(self, market: Market) -> None:
        members = [(await make_pending(market))[0] for _ in range(3)]
        await let_it_fall_due(market)
        run, step = market.app.state.database.run, STEPS[Step.SECOND_FACTOR_REMOVED]
        done = await asyncio.gather(*(run(step) for _ in range(6)))
        assert sum(done) + await work(market) == len(members)
        for member in members:
            removed = ("second_factor_removed", "totp")
            assert (await audited(market, member.id)).count(removed) == 1
