"""Refresh tokens: each can be used once, and one that comes back ends its family."""

import asyncio
from datetime import timedelta

import pytest

from app.db.models.fields import now
from app.db.models.sessions import Lifetimes, RefreshToken, Session
from app.postgres.faults import Contradiction
from tests.factories.api_keys import assert_ended, assert_good, make_api_key
from tests.factories.sessions import (
    expire,
    log_in,
    make_login,
    make_member,
    of_answer,
    refresh,
    session_of,
    step_up,
)
from tests.factories.users import Actor, Market, block, market_from
from tests.factories.webhooks import PATH, make_webhook
from tests.mail import deliver
from tests.rows import get

PHONE, LAPTOP = {"User-Agent": "Telephone/1.0"}, {"User-Agent": "Laptop/2.0"}


class TestRefreshing:
    async def test_gives_tokens_of_the_same_session(self, market: Market) -> None:
        member = await make_member(market)
        login, refresh_token = await make_login(market, member)
        response = await refresh(market, refresh_token)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        read = market.safeguards.access_tokens.read
        assert read(response.json()["access_token"]) == read(login.token)

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

    async def test_lengthens_the_session(self, market: Market) -> None:
        login, refresh_token = await make_login(market, await make_member(market))
        await change(market, login, expires_at=now() + timedelta(days=1))
        await refresh(market, refresh_token)
        session = await session_of(market, login.token)
        assert timedelta(days=29) < session.expires_at - now() <= timedelta(days=30)

    async def test_does_not_go_on_for_ever(self, market: Market) -> None:
        login, refresh_token = await make_login(market, await make_member(market))
        begun = now() - timedelta(days=89)
        await change(market, login, created_at=begun)
        assert (await refresh(market, refresh_token)).status_code == 200
        session = await session_of(market, login.token)
        assert session.expires_at == begun + timedelta(days=90)

    async def test_is_not_promised_beyond_the_longest_session(self, market: Market) -> None:
        day = timedelta(days=1)
        market.replace_safeguards(lifetimes=Lifetimes(idle=30 * day, longest=7 * day, recent=day))
        login, _ = await make_login(market, await make_member(market))
        session = await session_of(market, login.token)
        assert session.expires_at == session.created_at + 7 * day

    async def test_shows_where_the_session_is_used_now(self, market: Market) -> None:
        login, refresh_token = await make_login(market, await make_member(market), **PHONE)
        await refresh(market, refresh_token, **LAPTOP)
        session, _ = await login.items("/users/me/sessions")
        assert session["device"] == "Laptop/2.0"
        assert session["last_used_at"] > session["created_at"]

    async def test_is_kept_as_a_hash_only(self, market: Market) -> None:
        _, refresh_token = await make_login(market, await make_member(market))
        rows = await market.app.state.database.fetch(
            "SELECT t::text AS row, hash FROM refresh_tokens t", ()
        )
        assert len(rows[-1]["hash"]) == 32
        assert not [row for row in rows if refresh_token in row["row"]]


class TestAnAnswerThatWasLost:
    """The same program sends a token again, because it knows of no other."""

    async def test_is_given_again(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market))
        lost = (await refresh(market, first)).json()["refresh_token"]
        response = await refresh(market, first)
        assert response.status_code == 200
        second = response.json()["refresh_token"]
        assert second not in (first, lost)
        assert (await refresh(market, second)).status_code == 200
        assert len(await login.items("/users/me/sessions")) == 2

    @pytest.mark.committed
    async def test_to_several_at_once_leaves_one_family(self, market: Market) -> None:
        member = await make_member(market)
        login, first = await make_login(market, member)
        answers = await asyncio.gather(*(refresh(market, first) for _ in range(5)))
        assert [answer.status_code for answer in answers] == [200] * 5
        assert len(await login.items("/users/me/sessions")) == 2
        tokens = [answer.json()["refresh_token"] for answer in answers]
        assert (await refresh(market, tokens[0])).status_code == 200
        await assert_it_ends_the_family(market, login, tokens[1])


class TestAStolenToken:
    async def test_ends_the_family_when_the_answer_was_used(self, market: Market) -> None:
        member = await make_member(market)
        login, first = await make_login(market, member)
        second = (await refresh(market, first)).json()["refresh_token"]
        third = (await refresh(market, second)).json()["refresh_token"]
        await assert_it_ends_the_family(market, login, first)
        assert (await refresh(market, third)).status_code == 401
        assert (await member.get("/users/me")).status_code == 200

    async def test_ends_the_family_when_both_answers_are_used(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market))
        of_owner, of_thief = [
            (await refresh(market, first)).json()["refresh_token"] for _ in range(2)
        ]
        later = (await refresh(market, of_owner)).json()["refresh_token"]
        await age_tokens(market, login, timedelta(minutes=15))
        await assert_it_ends_the_family(market, login, of_thief)
        assert (await refresh(market, later)).status_code == 401

    async def test_of_which_a_sibling_is_used_is_refused_by_the_database(
        self, market: Market
    ) -> None:
        _, first = await make_login(market, await make_member(market))
        for _ in range(2):
            await refresh(market, first)
        with pytest.raises(Contradiction) as refused:
            await market.app.state.database.fetch("UPDATE refresh_tokens SET used_at = now()", ())
        assert "uq_refresh_tokens_predecessor" in str(refused.value.__cause__)

    async def test_ends_the_family_when_both_are_used_at_once(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market))
        tokens = [(await refresh(market, first)).json()["refresh_token"] for _ in range(2)]
        assert (await refresh(market, tokens[1])).status_code == 200
        await assert_it_ends_the_family(market, login, tokens[0])

    async def test_ends_the_family_when_it_comes_from_another_network(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market))
        await refresh(market, first)
        await assert_it_ends_the_family(market_from(market, "203.0.113.7"), login, first)

    async def test_ends_the_keys_that_were_made_in_the_family(self, market: Market) -> None:
        member = await make_member(market)
        login, first = await make_login(market, member, **PHONE)
        key, other = await make_api_key(market, login), await make_api_key(market, member)
        await refresh(market, first, **PHONE)
        await refresh(market, first, **LAPTOP)
        await assert_ended(key)
        await assert_good(other)

    async def test_deletes_webhooks_whose_url_was_set_in_the_family(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member, **PHONE)
        await make_webhook(market, login)
        login, first = of_answer(login, await step_up(login))
        led_elsewhere, other = [await make_webhook(market, member) for _ in range(2)]
        await login.patch(led_elsewhere.path, {"url": "https://thief.example"})
        await login.patch(other.path, {"events": ["order.placed"]})
        await refresh(market, first, **PHONE)
        await refresh(market, first, **LAPTOP)
        assert [it["id"] for it in await member.items(PATH)] == [other.data["id"]]

    async def test_is_told_to_its_owner(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market), **PHONE)
        await refresh(market, first, **PHONE)
        await refresh(market, first, **LAPTOP)
        (mail,) = await deliver(market)
        assert mail["To"] == login.email
        assert mail["Subject"] == "A login to your account was ended"

    async def test_ends_the_family_when_it_comes_late(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market))
        second = (await refresh(market, first)).json()["refresh_token"]
        await age_tokens(market, login, timedelta(seconds=11))
        await assert_it_ends_the_family(market, login, first)
        assert (await refresh(market, second)).status_code == 401

    async def test_ends_the_family_when_it_comes_from_elsewhere(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market), **PHONE)
        await refresh(market, first, **PHONE)
        await assert_it_ends_the_family(market, login, first, **LAPTOP)

    async def test_is_written_down(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market), **PHONE)
        await refresh(market, first, **PHONE)
        await refresh(market, first, **LAPTOP)
        rows = await market.app.state.database.fetch(
            "SELECT actor_id, user_id, network FROM audit WHERE action = 'refresh_token_reused'", ()
        )
        assert [tuple(row) for row in rows] == [(None, login.id, "127.0.0.0/24")]

    async def test_lets_its_owner_log_in_again(self, market: Market) -> None:
        login, first = await make_login(market, await make_member(market), **PHONE)
        await refresh(market, first, **PHONE)
        await refresh(market, first, **LAPTOP)
        assert (await log_in(market, login.username)).status_code == 200


async def assert_it_ends_the_family(
    market: Market, login: Actor, refresh_token: str, **headers: str
) -> None:
    """Uses a token, which is not good, and looks at what becomes of the session."""
    response = await refresh(market, refresh_token, **headers)
    assert response.status_code == 401
    assert response.json()["code"] == "invalid_credentials"
    assert (await login.get("/users/me")).status_code == 401


async def change(market: Market, login: Actor, **columns: object) -> None:
    """Changes the session of a login behind the service's back."""
    session_id = (await session_of(market, login.token)).id
    async with market.app.state.database.write() as transaction:
        session = await get(transaction, Session, session_id)
        for name, value in columns.items():
            setattr(session, name, value)


async def age_tokens(market: Market, login: Actor, by: timedelta) -> None:
    """Has the tokens of a login been used some time ago."""
    session_id = (await session_of(market, login.token)).id
    rows = await market.app.state.database.fetch(
        "SELECT hash FROM refresh_tokens WHERE session_id = $1 AND used_at IS NOT NULL",
        [session_id],
    )
    async with market.app.state.database.write() as transaction:
        for row in rows:
            token = await get(transaction, RefreshToken, row["hash"])
            token.used_at = now() - by
