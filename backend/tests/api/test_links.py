"""Links in mails: they verify an address, change it, or lead back into an account."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from httpx import Response

from app.core.security.keys import Keyring
from app.db.models.fields import now
from app.db.models.users import User
from app.db.repositories.throttles import CROWD
from tests.factories.api_keys import assert_ended, assert_good, make_api_key
from tests.factories.links import mailed_token, make_verified, token_in, verify, verifying
from tests.factories.sessions import log_in, make_login, make_member, refresh, register
from tests.factories.users import PASSWORD, Market, block, change_email, market_from
from tests.mail import deliver
from tests.rows import get
from tests.statements import Heard, recorded

NEW_PASSWORD = "another lighthouse"


@pytest.fixture(autouse=True)
def verified(market: Market) -> Iterator[None]:
    """Addresses count only when they are verified."""
    with verifying(market):
        yield


async def ask_for_reset(market: Market, email: str) -> Response:
    return await market.client.post("/auth/password-reset", json={"email": email})


async def reset(market: Market, token: str, password: str = NEW_PASSWORD) -> Response:
    body = {"token": token, "password": password}
    return await market.client.post("/auth/password-reset/confirmation", json=body)


async def ask_for_verification(market: Market, email: str) -> Response:
    return await market.client.post("/auth/email-verification", json={"email": email})


def shown(response: Response) -> tuple[int, set[str], object]:
    """What of an answer could tell whether there is an account."""
    body = response.json()
    for name in ("id", "created_at", "updated_at", "username", "email"):
        body.pop(name, None)
    return response.status_code, set(response.headers), body


def sql(heard: list[Heard]) -> list[str]:
    """The statements that were run, without what the driver asks once per connection."""
    once = ("set_config('jit'", "pg_catalog")
    return [statement.sql for statement in heard if not any(it in statement.sql for it in once)]


async def expire_links(market: Market) -> None:
    await market.app.state.database.fetch(
        "UPDATE links SET expires_at = now() - interval '1 second'", ()
    )


def check_void(response: Response) -> None:
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_link"


class TestRegistering:
    async def test_sends_a_link(self, market: Market) -> None:
        response = await register(market, username="anna", email="anna@example.com")
        assert response.status_code == 201
        assert response.json()["email_verified"] is False
        (mail,) = await deliver(market)
        assert mail["To"] == "anna@example.com"
        assert "http://127.0.0.1:8000/verify-email#token=" in mail.get_content()

    async def test_sends_nothing_if_it_fails(self, market: Market) -> None:
        await make_verified(market, username="anna")
        assert (await register(market, username="anna")).status_code == 409
        assert await deliver(market) == []

    async def test_lets_nobody_in_before_it_is_opened(self, market: Market) -> None:
        await register(market, username="anna", email="anna@example.com")
        for name in ("anna", "anna@example.com"):
            response = await log_in(market, name)
            assert response.status_code == 403
            assert response.json()["code"] == "email_not_verified"
            assert (await log_in(market, name, "wrong")).status_code == 401
        rows = await market.app.state.database.fetch(
            "SELECT details ->> 'kind' FROM audit WHERE action = 'sign_in_failed' ORDER BY id", ()
        )
        assert [row[0] for row in rows] == ["email", "password"] * 2

    async def test_shows_nothing_before_it_is_opened(self, market: Market) -> None:
        await register(market, username="anna")
        stranger = await make_member(market)
        assert (await stranger.get("/profiles/anna")).status_code == 404

    async def test_lets_its_owner_in_afterwards(self, market: Market) -> None:
        await make_verified(market, username="anna")
        tokens = (await log_in(market, "anna")).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        response = await market.client.get("/users/me", headers=headers)
        assert response.json()["email_verified"] is True
        stranger = await make_member(market)
        assert (await stranger.get("/profiles/anna")).status_code == 200


class TestRegisteringWithATakenAddress:
    @pytest.mark.committed
    async def test_looks_like_any_other(self, market: Market) -> None:
        await make_verified(market, email="anna@example.com")
        async with recorded(market.app) as of_a_taken_one:
            taken = await register(market, email="Anna@example.com")
        async with recorded(market.app) as of_a_free_one:
            free = await register(market, email="free@example.com")
        assert shown(taken) == shown(free)
        assert sql(of_a_taken_one) == sql(of_a_free_one)

    async def test_tells_its_owner(self, market: Market) -> None:
        await make_verified(market, username="anna", email="anna@example.com")
        await register(market, username="mallory", email="ANNA@example.com")
        (mail,) = await deliver(market)
        assert mail["To"] == "anna@example.com"
        assert "anna" in mail.get_content()
        assert "mallory" not in mail.get_content()
        assert "#token=" not in mail.get_content()

    async def test_leaves_the_owner_alone(self, market: Market) -> None:
        await make_verified(market, username="anna", email="anna@example.com")
        await register(market, username="mallory", email="anna@example.com", password=NEW_PASSWORD)
        assert (await log_in(market, "anna@example.com")).status_code == 200
        assert (await log_in(market, "anna@example.com", NEW_PASSWORD)).status_code == 401
        assert (await log_in(market, "mallory", NEW_PASSWORD)).status_code == 403

    async def test_that_nobody_has_verified_does_not_keep_its_owner_out(
        self, market: Market
    ) -> None:
        await register(market, username="mallory", email="anna@example.com")
        await deliver(market)
        await make_verified(market, username="anna", email="anna@example.com")
        assert (await log_in(market, "anna@example.com")).status_code == 200

    async def test_whoever_verifies_it_first_has_it(self, market: Market) -> None:
        tokens = []
        for name in ("anna", "ben"):
            await register(market, username=name, email="house@example.com")
            tokens.append(await mailed_token(market))
        assert (await verify(market, tokens[0])).status_code == 204
        response = await verify(market, tokens[1])
        assert response.status_code == 409
        assert response.json()["code"] == "email_taken"


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


class TestAskingForAVerificationLink:
    async def test_sends_another(self, market: Market) -> None:
        await register(market, email="anna@example.com")
        first = await mailed_token(market)
        assert (await ask_for_verification(market, "anna@example.com")).status_code == 202
        second = await mailed_token(market)
        assert second != first
        assert (await verify(market, second)).status_code == 204
        check_void(await verify(market, first))

    @pytest.mark.parametrize("email", ["verified@example.com", "unknown@example.com"])
    async def test_sends_nothing_where_nothing_waits_for_it(
        self, market: Market, email: str
    ) -> None:
        await make_verified(market, email="verified@example.com")
        assert (await ask_for_verification(market, email)).status_code == 202
        assert await deliver(market) == []

    @pytest.mark.committed
    async def test_tells_nobody_whether_something_waits(self, market: Market) -> None:
        await register(market, email="anna@example.com")
        async with recorded(market.app) as of_an_account:
            known = await ask_for_verification(market, "anna@example.com")
        async with recorded(market.app) as of_nobody:
            unknown = await ask_for_verification(market, "nobody@example.com")
        assert shown(known) == shown(unknown)
        assert sql(of_an_account) == sql(of_nobody)

    @pytest.mark.parametrize(
        ("email", "left"), [("anna@example.com", 2), ("nobody@example.com", 3)]
    )
    async def test_too_often_is_refused(self, market: Market, email: str, left: int) -> None:
        await register(market, email="anna@example.com")
        market.set_limit("verifications_per_email", 3)
        for _ in range(left):
            assert (await ask_for_verification(market, email)).status_code == 202
        for same in (email.upper(), email.replace("@", "+spam@")):
            assert (await ask_for_verification(market, same)).status_code == 429

    async def test_is_counted_with_registrations_and_changes(self, market: Market) -> None:
        market.set_limit("verifications_per_email", 3)
        victim = "victim@example.com"
        member = await make_member(market)
        assert (await register(market, email=victim)).status_code == 201
        assert (await change_email(member, victim)).status_code == 200
        assert (await ask_for_verification(market, victim)).status_code == 202
        assert (await register(market, email=victim)).status_code == 429
        assert (await change_email(member, victim)).status_code == 429
        elsewhere = market_from(market, "203.0.113.7")
        assert (await register(elsewhere, email=victim)).status_code == 201


class TestChangingTheAddress:
    async def test_waits_until_the_new_one_is_verified(self, market: Market) -> None:
        member = await make_member(market)
        response = await change_email(member, "new@example.com")
        assert response.status_code == 200
        assert response.json()["email"] == member.email
        (mail,) = await deliver(market)
        assert mail["To"] == "new@example.com"
        assert (await verify(market, token_in(mail))).status_code == 204
        account = (await member.get("/users/me")).json()
        assert (account["email"], account["email_verified"]) == ("new@example.com", True)

    async def test_is_told_to_the_old_one(self, market: Market) -> None:
        member = await make_member(market)
        await change_email(member, "new@example.com")
        await verify(market, await mailed_token(market))
        (mail,) = await deliver(market)
        assert mail["To"] == member.email
        assert "new@example.com" not in mail.get_content()

    @pytest.mark.committed
    async def test_to_a_taken_one_tells_its_owner_only(self, market: Market) -> None:
        member, owner = await make_member(market), await make_member(market)
        async with recorded(market.app) as of_a_taken_one:
            taken = await change_email(member, owner.email)
        (mail,) = await deliver(market)
        assert mail["To"] == owner.email
        assert "#token=" not in mail.get_content()
        async with recorded(market.app) as of_a_free_one:
            free = await change_email(member, "free@example.com")
        assert shown(taken) == shown(free)
        assert sql(of_a_taken_one) == sql(of_a_free_one)

    async def test_where_none_is_verified_happens_at_once(self, market: Market) -> None:
        market.replace_safeguards(verifies_emails=False)
        member = await make_member(market, email_verified_at=now())
        response = await change_email(member, "new@example.com")
        assert response.json()["email"] == "new@example.com"
        assert response.json()["email_verified"] is False
        (mail,) = await deliver(market)
        assert mail["To"] == member.email


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


class TestAskingForANewPassword:
    async def test_sends_a_link(self, market: Market) -> None:
        member = await make_member(market)
        assert (await ask_for_reset(market, member.email.upper())).status_code == 202
        (mail,) = await deliver(market)
        assert mail["To"] == member.email
        assert member.username in mail.get_content()
        assert "http://127.0.0.1:8000/reset-password#token=" in mail.get_content()

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
