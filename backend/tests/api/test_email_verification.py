"""Verifying an email address: at registration, on request, and after a change."""

import pytest

from app.core.config import Settings
from app.db.models.fields import now
from app.worker.mailers import SmtpMailer
from tests.enumeration import shown, sql
from tests.factories.links import (
    NEW_PASSWORD,
    ask_for_verification,
    check_void,
    mailed_token,
    make_verified,
    token_in,
    verify,
)
from tests.factories.sessions import log_in, make_member, register
from tests.factories.tasks import runner_for
from tests.factories.users import Market, change_email, market_from
from tests.mail import deliver, mail_server, text_of
from tests.statements import recorded

pytestmark = pytest.mark.usefixtures("verified_emails")


class TestRegistering:
    async def test_sends_a_link(self, market: Market) -> None:
        response = await register(market, username="anna", email="anna@example.com")
        assert response.status_code == 201
        assert response.json()["email_verified"] is False
        (mail,) = await deliver(market)
        assert mail["To"] == "anna@example.com"
        assert "http://127.0.0.1:8000/verify-email#token=" in text_of(mail)

    async def test_sends_it_in_the_language_of_the_account(self, market: Market) -> None:
        await register(market, username="anna", language="de")
        async with mail_server() as server:
            settings = Settings(environment="development", language="fr", **server.settings())
            tasks = runner_for(market.app, SmtpMailer(settings), settings)
            while task := await tasks.take():
                await tasks.run(task)
        (mail,) = server.messages
        assert mail["Subject"] == "Bitte bestätige deine E-Mail-Adresse"
        assert mail["Content-Language"] == "de"
        html = mail.get_body(("html",))
        assert html
        for text in (text_of(mail), html.get_content()):
            assert "Hallo anna!" in text
            assert "Der Link gilt einmal und läuft in 1 Tag ab." in text
            assert f"#token={token_in(mail)}" in text

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
        for path in ("", "/evaluations?role=owner", "/evaluations/stats?role=owner"):
            response = await stranger.get(f"/profiles/anna{path}")
            assert (response.status_code, response.json()["code"]) == (404, "profile_not_found")

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
        assert "anna" in text_of(mail)
        assert "mallory" not in text_of(mail)
        assert "#token=" not in text_of(mail)

    async def test_tells_its_owner_in_their_language(self, market: Market) -> None:
        await make_verified(market, email="anna@example.com", language="fr")
        await register(market, email="anna@example.com", language="de")
        (mail,) = await deliver(market)
        assert mail["Subject"] == "Vous avez déjà un compte"

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
        assert response.json()["pending_email"] == "new@example.com"
        (mail,) = await deliver(market)
        assert mail["To"] == "new@example.com"
        assert (await verify(market, token_in(mail))).status_code == 204
        account = (await member.get("/users/me")).json()
        assert (account["email"], account["email_verified"]) == ("new@example.com", True)
        assert account["pending_email"] is None

    async def test_is_told_to_the_old_one(self, market: Market) -> None:
        member = await make_member(market)
        await change_email(member, "new@example.com")
        await verify(market, await mailed_token(market))
        (mail,) = await deliver(market)
        assert mail["To"] == member.email
        assert "new@example.com" not in text_of(mail)

    @pytest.mark.committed
    async def test_to_a_taken_one_tells_its_owner_only(self, market: Market) -> None:
        member, owner = await make_member(market), await make_member(market)
        async with recorded(market.app) as of_a_taken_one:
            taken = await change_email(member, owner.email)
        (mail,) = await deliver(market)
        assert mail["To"] == owner.email
        assert "#token=" not in text_of(mail)
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
