"""Mailed links: how long they are valid, and which changes void them."""

import asyncio
from datetime import timedelta

import pytest

from app.core.security.keys import Keyring
from app.db.models.fields import now
from app.db.models.users import User
from tests.factories.links import (
    NEW_PASSWORD,
    ask_for_reset,
    check_void,
    expire_links,
    mailed_token,
    reset,
    verify,
)
from tests.factories.sessions import make_member, register
from tests.factories.users import PASSWORD, Market, change_email
from tests.mail import deliver
from tests.rows import get

pytestmark = pytest.mark.usefixtures("verified_emails")


class TestAVerificationLink:
    async def test_works_once(self, market: Market) -> None:
        await register(market)
        token = await mailed_token(market)
        assert (await verify(market, token)).status_code == 204
        check_void(await verify(market, token))

    @pytest.mark.committed
    async def test_works_once_however_many_open_it(self, market: Market) -> None:
        await register(market)
        token = await mailed_token(market)
        answers = await asyncio.gather(*(verify(market, token) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [204, *[422] * 4]

    async def test_expires(self, market: Market) -> None:
        await register(market)
        token = await mailed_token(market)
        rows = await market.app.state.database.fetch(
            "SELECT expires_at - created_at AS lifetime FROM links", ()
        )
        assert rows[0]["lifetime"] - timedelta(hours=24) < timedelta(seconds=1)
        await expire_links(market)
        check_void(await verify(market, token))

    @pytest.mark.parametrize("token", ["", "made-up", "A" * 43, "ä" * 10, "=" * 43])
    async def test_can_not_be_made_up(self, market: Market, token: str) -> None:
        await register(market)
        check_void(await verify(market, token))

    async def test_holds_only_with_its_signature(self, market: Market) -> None:
        await register(market)
        await deliver(market)
        rows = await market.app.state.database.fetch("SELECT id FROM links", ())
        forged = Keyring("another secret").sign("links", rows[0]["id"].bytes)
        check_void(await verify(market, forged))

    async def test_is_not_stored(self, market: Market) -> None:
        await register(market)
        token = await mailed_token(market)
        rows = await market.app.state.database.fetch("SELECT links::text AS row FROM links", ())
        assert not [row for row in rows if token in row["row"]]

    async def test_does_not_set_a_password(self, market: Market) -> None:
        await register(market)
        check_void(await reset(market, await mailed_token(market)))

    async def test_of_a_blocked_account_is_void(self, market: Market) -> None:
        response = await register(market)
        token = await mailed_token(market)
        async with market.app.state.database.write() as transaction:
            user = await get(transaction, User, response.json()["id"])
            user.blocked_at = now()
        check_void(await verify(market, token))


class TestALinkSentBefore:
    """Before somebody else may have come to read the mail, or the one who reads it was shut out."""

    async def test_the_password_was_reset_changes_no_address(self, market: Market) -> None:
        member = await make_member(market)
        await change_email(member, "thief@example.com")
        changing = await mailed_token(market)
        await ask_for_reset(market, member.email)
        await reset(market, await mailed_token(market))
        check_void(await verify(market, changing))

    async def test_the_password_was_changed_resets_none(self, market: Market) -> None:
        member = await make_member(market)
        await ask_for_reset(market, member.email)
        resetting = await mailed_token(market)
        change = {"password": NEW_PASSWORD, "current_password": PASSWORD}
        assert (await member.patch("/users/me", change)).status_code == 200
        check_void(await reset(market, resetting))

    @pytest.mark.parametrize("verified_first", [True, False])
    async def test_the_address_was_changed_resets_no_password(
        self, market: Market, *, verified_first: bool
    ) -> None:
        market.replace_safeguards(verifies_emails=verified_first)
        member = await make_member(market)
        await ask_for_reset(market, member.email)
        resetting = await mailed_token(market)
        await change_email(member, "new@example.com")
        if verified_first:
            await verify(market, await mailed_token(market))
        check_void(await reset(market, resetting))

    async def test_is_not_even_sent_once_its_asker_is_logged_out(self, market: Market) -> None:
        member = await make_member(market)
        await change_email(member, "thief@example.com")
        await member.delete("/auth/token")
        assert await deliver(market) == []
