"""Resetting a forgotten password with a mailed link."""

from datetime import timedelta

import pytest

from app.db.repositories.throttles import CROWD
from tests.enumeration import shown, sql
from tests.factories.api_keys import assert_ended, assert_good, make_api_key
from tests.factories.links import (
    NEW_PASSWORD,
    ask_for_reset,
    check_void,
    expire_links,
    mailed_token,
    reset,
    token_in,
)
from tests.factories.sessions import log_in, make_login, make_member, refresh, register
from tests.factories.users import PASSWORD, Market, block, market_from
from tests.factories.webhooks import make_webhook
from tests.mail import deliver, text_of
from tests.statements import recorded

pytestmark = pytest.mark.usefixtures("verified_emails")


class TestAskingForANewPassword:
    async def test_sends_a_link(self, market: Market) -> None:
        member = await make_member(market)
        assert (await ask_for_reset(market, member.email.upper())).status_code == 202
        (mail,) = await deliver(market)
        assert mail["To"] == member.email
        assert member.username in text_of(mail)
        assert "http://127.0.0.1:8000/reset-password#token=" in text_of(mail)

    @pytest.mark.committed
    async def test_tells_nobody_whether_there_is_an_account(self, market: Market) -> None:
        member = await make_member(market)
        async with recorded(market.app) as of_an_account:
            known = await ask_for_reset(market, member.email)
        async with recorded(market.app) as of_nobody:
            unknown = await ask_for_reset(market, "nobody@example.com")
        assert shown(known) == shown(unknown)
        assert sql(of_an_account) == sql(of_nobody)

    async def test_for_an_account_that_nobody_can_use_sends_nothing(self, market: Market) -> None:
        blocked = await make_member(market)
        await block(market, blocked)
        await register(market, email="pending@example.com")
        await deliver(market)
        for email in (blocked.email, "pending@example.com", "nobody@example.com"):
            await ask_for_reset(market, email)
        assert await deliver(market) == []

    @pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com"])
    async def test_too_often_is_refused(self, market: Market, email: str) -> None:
        await make_member(market, email="anna@example.com")
        market.set_limit("resets_per_email", 5)
        for _ in range(5):
            assert (await ask_for_reset(market, email)).status_code == 202
        assert (await ask_for_reset(market, email)).status_code == 429

    async def test_by_strangers_does_not_keep_out_the_owner(self, market: Market) -> None:
        member, home = await make_member(market), market_from(market, "203.0.113.7")
        await log_in(home, member.username)
        market.set_limit("resets_per_email", 2)
        market.set_limit("mails_per_address", 2)
        for number in range(2 * CROWD):
            stranger = market_from(market, f"10.0.{number}.1")
            assert (await ask_for_reset(stranger, member.email)).status_code == 202
        assert (await ask_for_reset(market, member.email)).status_code == 429
        for number in range(2):
            await ask_for_reset(home, f"somebody{number}@example.com")
        assert (await ask_for_reset(home, member.email)).status_code == 202


class TestChoosingANewPassword:
    async def test_replaces_the_old_one(self, market: Market) -> None:
        member = await make_member(market)
        await ask_for_reset(market, member.email)
        assert (await reset(market, await mailed_token(market))).status_code == 204
        assert (await log_in(market, member.username)).status_code == 401
        assert (await log_in(market, member.username, NEW_PASSWORD)).status_code == 200

    async def test_logs_everyone_out(self, market: Market) -> None:
        member = await make_member(market)
        login, refresh_token = await make_login(market, member)
        await ask_for_reset(market, member.email)
        await reset(market, await mailed_token(market))
        for actor in (member, login):
            assert (await actor.get("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401

    async def test_ends_api_keys(self, market: Market) -> None:
        key = await make_api_key(market, await make_member(market))
        await assert_good(key)
        await ask_for_reset(market, key.owner.email)
        await reset(market, await mailed_token(market))
        await assert_ended(key)

    async def test_deletes_webhooks(self, market: Market) -> None:
        member = await make_member(market)
        await make_webhook(market, member)
        await ask_for_reset(market, member.email)
        await reset(market, await mailed_token(market))
        assert await market.app.state.database.fetch("SELECT FROM webhook_endpoints", ()) == []

    async def test_is_told_by_mail(self, market: Market) -> None:
        member = await make_member(market)
        await ask_for_reset(market, member.email)
        await reset(market, await mailed_token(market))
        (mail,) = await deliver(market)
        assert mail["To"] == member.email
        assert mail["Subject"] == "Your password has been changed"

    async def test_works_once(self, market: Market) -> None:
        member = await make_member(market)
        for _ in range(2):
            await ask_for_reset(market, member.email)
        first, second = map(token_in, await deliver(market))
        assert (await reset(market, first)).status_code == 204
        for token in (first, second):
            check_void(await reset(market, token, PASSWORD))

    async def test_expires(self, market: Market) -> None:
        member = await make_member(market)
        await ask_for_reset(market, member.email)
        token = await mailed_token(market)
        rows = await market.app.state.database.fetch(
            "SELECT expires_at - created_at AS lifetime FROM links", ()
        )
        assert rows[0]["lifetime"] - timedelta(minutes=30) < timedelta(seconds=1)
        await expire_links(market)
        check_void(await reset(market, token))

    @pytest.mark.parametrize("password", ["short", "password1", "x" * 129])
    async def test_takes_good_ones_only(self, market: Market, password: str) -> None:
        member = await make_member(market)
        await ask_for_reset(market, member.email)
        token = await mailed_token(market)
        response = await reset(market, token, password)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["password"]
        assert (await reset(market, token)).status_code == 204

    @pytest.mark.parametrize("password", ["LighthouseKeeper99", "Rosalinde1"])
    async def test_takes_none_made_of_the_own_names(self, market: Market, password: str) -> None:
        member = await make_member(market, username="lighthousekeeper")
        await member.patch("/profiles/me", {"full_name": "Rosalinde Ark"})
        await ask_for_reset(market, member.email)
        token = await mailed_token(market)
        response = await reset(market, token, password)
        assert response.status_code == 422
        assert (await reset(market, token)).status_code == 204

    async def test_is_told_when_it_is_changed_while_logged_in_too(self, market: Market) -> None:
        member = await make_member(market)
        change = {"password": NEW_PASSWORD, "current_password": PASSWORD}
        assert (await member.patch("/users/me", change)).status_code == 200
        (mail,) = await deliver(market)
        assert mail["Subject"] == "Your password has been changed"
