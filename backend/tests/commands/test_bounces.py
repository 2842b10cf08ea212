"""``python -m app bounces``: reports about mails that could not be delivered."""

from collections.abc import Callable

import pytest

from app.core.config import Settings
from app.worker.mailers import SmtpMailer
from tests.factories.links import ask_for_reset
from tests.factories.sessions import make_member
from tests.factories.tasks import runner_for
from tests.factories.users import Actor, Market
from tests.mail import mail_server
from tests.programs import run_program

pytestmark = pytest.mark.committed

DONE = (0, "The mailbox gets no mails of notifications any more.\n")
NOTHING = (0, "No report of a mailbox that has refused a mail of this service.\n")

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: post@cleaning.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4ZkQ1y0Tt9z1qD.1764449000/mail.example"

This is a MIME-encapsulated message.

--4ZkQ1y0Tt9z1qD.1764449000/mail.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{to}>: host mx.example[192.0.2.7] said: {status} <{to}>:
    Recipient address rejected (in reply to RCPT TO command)

--4ZkQ1y0Tt9z1qD.1764449000/mail.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
X-Postfix-Queue-ID: 4ZkQ1y0Tt9z1qD
X-Postfix-Sender: rfc822; post@cleaning.example
Arrival-Date: Sun, 29 Nov 2026 20:43:20 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example
Diagnostic-Code: smtp; 550 {status} <{to}>: Recipient address rejected

--4ZkQ1y0Tt9z1qD.1764449000/mail.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

{mail}
--4ZkQ1y0Tt9z1qD.1764449000/mail.example--
"""

GMAIL = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: post@cleaning.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="0000000000003f2b5a0622"; report-type=delivery-status

--0000000000003f2b5a0622
Content-Type: multipart/related; boundary="0000000000003f2f6c0625"

--0000000000003f2f6c0625
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to {to} because the address couldn't be found.

--0000000000003f2f6c0625--
--0000000000003f2b5a0622
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; post@cleaning.example
Arrival-Date: Sun, 29 Nov 2026 12:43:20 -0800 (PST)

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Remote-MTA: dns; gmail-smtp-in.l.google.com. (2a00:1450:400c:c0c::1b)
Diagnostic-Code: smtp; 550-{status} The email account that you tried to reach does not exist.
Last-Attempt-Date: Sun, 29 Nov 2026 12:43:21 -0800 (PST)

--0000000000003f2b5a0622
Content-Type: text/rfc822-headers

{header}
--0000000000003f2b5a0622--
"""


async def returned(
    market: Market, member: Actor, text: str, action: str = "failed", status: str = "5.1.1"
) -> str:
    """A report about a mail that a user has got.

    Args:
        market: The market.
        member: The user.
        text: The text of the report.
        action: What became of the mail.
        status: The status of the mailbox.
    """
    await ask_for_reset(market, member.email)
    async with mail_server() as server:
        settings = Settings(environment="development", **server.settings())
        runner = runner_for(market.app, SmtpMailer(settings), settings)
        while task := await runner.take():
            await runner.run(task)
    mail = (server.received[-1].original_content or b"").decode().replace("\r\n", "\n")
    header, _, _ = mail.partition("\n\n")
    return text.format(to=member.email, action=action, status=status, mail=mail, header=header)


async def given(environment: dict[str, str], report: str) -> tuple[int | None, str]:
    """What the command says to a message."""
    return await run_program(environment, "app", "bounces", entered=report)


async def is_refused(member: Actor) -> bool:
    """Whether the account says that its mailbox refuses mail."""
    refused: bool = (await member.get("/users/me")).json()["email_refused"]
    return refused


@pytest.mark.parametrize("text", [POSTFIX, GMAIL], ids=["postfix", "gmail"])
async def test_suppress_the_account(market: Market, environment: dict[str, str], text: str) -> None:
    member = await make_member(market)
    report = await returned(market, member, text)
    assert await given(environment, report) == DONE
    assert await is_refused(member)


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report.replace("failed", "delayed"),
        lambda report: report.replace("5.1.1", "4.2.2"),
        lambda report: report.replace("5.1.1", "5.7.1"),
        lambda report: report.replace("multipart/report", "multipart/mixed").partition("--")[0],
        lambda report: report.replace("Message-ID: <", "Message-ID: <0"),
        lambda report: report.replace("Message-ID", "X-Message-ID"),
    ],
    ids=["delayed", "temporary", "content", "no parts", "no key of ours", "no key"],
)
async def test_are_left_alone(
    market: Market, environment: dict[str, str], change: Callable[[str], str]
) -> None:
    member = await make_member(market)
    report = await returned(market, member, POSTFIX)
    assert await given(environment, change(report)) == NOTHING
    assert not await is_refused(member)


async def test_of_those_who_got_a_mail_suppress_no_others(
    market: Market, environment: dict[str, str]
) -> None:
    member, other = await make_member(market), await make_member(market)
    report = await returned(market, member, POSTFIX)
    assert await given(environment, report.replace(member.email, other.email)) == NOTHING
    assert not await is_refused(other)


async def test_wait_for_the_database(market: Market, environment: dict[str, str]) -> None:
    report = await returned(market, await make_member(market), POSTFIX)
    nowhere = environment | {"DATABASE_URL": "postgresql://anna:secret@127.0.0.1:1/nowhere"}
    status, _ = await given(nowhere, report)
    assert status == 75
