"""Suppressions: accounts that get no mail of notifications, since their mailbox refuses mail."""

import asyncio
from typing import Any

import pytest

from app.core.config import Settings
from app.db.repositories.suppressions import SuppressionRepository
from app.worker.mailers import SmtpMailer
from tests.factories.browsers import browser_of
from tests.factories.links import ask_for_reset, reset, token_in, verify
from tests.factories.sessions import make_member
from tests.factories.tasks import runner_for
from tests.factories.users import PASSWORD, Actor, Market, change_email
from tests.locks import held
from tests.mail import mail_server, text_of

UNKNOWN = "550 5.1.1 Unknown mailbox"
SENTENCE = "Your mail server refuses our mail"


async def send_to(market: Market, **answers: str) -> list[Any]:
    """Runs the tasks that are due, while a mail server gives these answers."""
    async with mail_server() as server:
        vars(server).update(answers)
        settings = Settings(environment="development", **server.settings())
        runner = runner_for(market.app, SmtpMailer(settings), settings)
        while task := await runner.take():
            await runner.run(task)
        return server.messages


async def is_refused(member: Actor) -> bool:
    """Whether the account says that its mailbox refuses mail."""
    refused: bool = (await member.get("/users/me")).json()["email_refused"]
    return refused


async def make_refused(market: Market) -> Actor:
    """A member whose mailbox has refused a notice."""
    member = await make_member(market)
    await member.patch("/users/me", {"username": f"{member.username}-2"})
    await send_to(market, answer_to_recipient=UNKNOWN)
    assert await is_refused(member)
    return member


class TestARefusal:
    @pytest.mark.parametrize(
        "answer", [UNKNOWN, "550 unknown", "553 5.1.3 syntax", "552 5.2.2 mailbox full"]
    )
    async def test_of_the_mailbox_suppresses_the_account(self, market: Market, answer: str) -> None:
        member, other = await make_member(market), await make_member(market)
        assert not await is_refused(member)
        await ask_for_reset(market, member.email.upper())
        await send_to(market, answer_to_recipient=answer)
        assert await is_refused(member)
        assert not await is_refused(other)

    @pytest.mark.parametrize(
        "answers",
        [
            {"answer_to_recipient": "450 4.2.1 not now"},
            {"answer_to_recipient": "550 5.7.1 blocked"},
            {"answer_to_recipient": "550 5.1.8 bad sender"},
            {"answer_to_recipient": "552 5.2.3 too large"},
            {"answer_to_recipient": "530 log in first"},
            {"answer_to_sender": UNKNOWN},
            {"answer_to_mail": UNKNOWN},
        ],
        ids=lambda it: " ".join(*it.items()),
    )
    async def test_of_anything_else_does_not(self, market: Market, answers: dict[str, str]) -> None:
        member = await make_member(market)
        await ask_for_reset(market, member.email)
        assert await send_to(market, **answers) == []
        assert not await is_refused(member)

    async def test_of_a_former_address_does_not(self, market: Market) -> None:
        member = await make_member(market)
        await change_email(member, "new@example.com")
        await send_to(market, answer_to_recipient=UNKNOWN)  # the mail to the former address
        assert not await is_refused(member)

    @pytest.mark.committed
    async def test_waits_for_a_change_of_the_address(self, market: Market) -> None:
        member = await make_member(market)

        async def suppress() -> None:
            async with market.app.state.database.write() as transaction:
                SuppressionRepository(transaction).suppress(member.email)

        user = "SELECT FROM users WHERE id = $1"
        async with held(market, user, member.id, waiting=1) as transaction:
            waiting = asyncio.create_task(suppress())
            await transaction.fetch(
                "UPDATE users SET email = 'new@example.com', email_key = 'new@example.com' "
                "WHERE id = $1",
                [member.id],
            )
        await waiting
        assert not await is_refused(member)

    @pytest.mark.usefixtures("verified_emails")
    async def test_of_a_new_address_does_not_before_it_is_confirmed(self, market: Market) -> None:
        member = await make_member(market)
        await change_email(member, "new@example.com")
        await send_to(market, answer_to_recipient=UNKNOWN)
        assert not await is_refused(member)

    async def test_leaves_mails_about_the_account_alone(self, market: Market) -> None:
        member = await make_refused(market)
        await ask_for_reset(market, member.email)
        assert [mail["To"] for mail in await send_to(market)] == [member.email]


class TestItEnds:
    async def test_when_the_address_is_confirmed_again(self, market: Market) -> None:
        member = await make_refused(market)
        browser = await browser_of(market, member)
        page = await browser.open("/account/security")
        assert SENTENCE in page.text
        await browser.send(page, "/verification-link")
        (mail,) = await send_to(market)
        assert "Welcome" not in text_of(mail)
        await verify(market, token_in(mail))
        assert not await is_refused(member)
        assert SENTENCE not in (await browser.open("/account/security")).text

    async def test_when_the_address_is_replaced(self, market: Market) -> None:
        member = await make_refused(market)
        await change_email(member, "new@example.com")
        assert not await is_refused(member)

    async def test_when_the_password_is_reset_by_a_mail(self, market: Market) -> None:
        member = await make_refused(market)
        await ask_for_reset(market, member.email)
        (mail,) = await send_to(market)
        await reset(market, token_in(mail), PASSWORD)
        rows = await market.app.state.database.fetch("SELECT FROM suppressions", ())
        assert rows == []
