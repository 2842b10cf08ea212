"""Mailers: SMTP, a folder of files, or none."""

import asyncio
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Protocol

import aiosmtplib

from app.core.config import Settings
from app.core.mail import STATUS, Mail, refuses_mailbox
from app.core.security.keys import Keyring
from app.core.security.mail_keys import signed
from app.core.security.tls import client_context
from app.db.repositories.suppressions import SuppressionRepository
from app.postgres.transactions import Transaction
from app.worker.failures import PermanentFailure

LONGEST_LINE = 998  # of a message (RFC 5322, 2.1.1)
REFUSED_FOR_GOOD = 500  # and above: permanent failures (RFC 5321, 4.2.1)
MAILBOX_CODES = frozenset({550, 551, 553})  # about the mailbox (RFC 5321, 4.2.3)
ENCODED_WORD = ("=?", "=\u2060?")
"""The beginning of an encoded word (RFC 2047, 2), and the same as text, with a word joiner.

The name of a job may look like such a word. Python would decode it, even to control characters.
"""
TIMEOUT = 20.0  # seconds for each step of the conversation with the server


class UnfoldedHeader(UnstructuredHeader, BaseHeader):
    """A header field in one line: folded, a long URL would turn into encoded words (RFC 2047)."""

    def fold(self, *, policy: Policy) -> str:
        """The line of the field."""
        return f"{self.name}: {' '.join(self.split())}{policy.linesep}"


FIELDS = HeaderRegistry()
FIELDS.map_to_type("list-unsubscribe", UnfoldedHeader)
POLICY = SMTP.clone(header_factory=FIELDS)


class Undeliverable(PermanentFailure):
    """The mail is refused for good."""


class MailboxRefused(Undeliverable):
    """The server refuses the mailbox for good: the account gets no mail of notifications.

    Args:
        address: The address.
    """

    outcome = "refused"

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def record(self, transaction: Transaction) -> None:
        """Suppresses the account that has the address."""
        SuppressionRepository(transaction).suppress(self._address)


class NoMailServer(Exception):
    """No mail server is configured: SMTP_SERVER is not set."""


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, mail: Mail, key: str, /) -> None:
        """Sends a mail. Errors other than `Undeliverable` are temporary: a retry may succeed.

        Args:
            mail: The mail.
            key: The same for each attempt to send this mail, so that mail programs recognise one
                that was sent twice.

        Raises:
            Undeliverable: The mail is refused for good.
        """


class SmtpMailer:
    """Sends mail through a server (RFC 5321), over TLS unless the settings say otherwise."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keyring = Keyring(*settings.secret_keys)
        self._tls = client_context()

    async def send(self, mail: Mail, key: str, /) -> None:
        """Hands a mail over to the server."""
        settings = self._settings
        key = signed(self._keyring, key, mail.recipient)
        message = compose(mail, settings.mail_from, key)
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.smtp_server,
                port=settings.smtp_port,
                username=settings.smtp_user,
                password=settings.smtp_password.get_secret_value() or None,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                tls_context=None if settings.smtp_security == "none" else self._tls,
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            (refusal,) = error.recipients
            if refusal.code < REFUSED_FOR_GOOD:
                raise
            if is_of_mailbox(refusal):
                raise MailboxRefused(mail.recipient) from None
            raise Undeliverable from None


class FileMailer:
    """Writes mail to files, which mail programs can open: for development.

    Args:
        settings: The settings with the sender, the folder, and the key of signatures.
    """

    def __init__(self, settings: Settings) -> None:
        self._sender, self._directory = settings.mail_from, settings.mail_directory
        self._keyring = Keyring(*settings.secret_keys)

    async def send(self, mail: Mail, key: str, /) -> None:
        """Writes a mail to a file that is named after its key."""
        message = compose(mail, self._sender, signed(self._keyring, key, mail.recipient))
        await asyncio.to_thread(self._write, f"{key}.eml", bytes(message))

    def _write(self, name: str, content: bytes) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        (self._directory / name).write_bytes(content)


class NoMailer:
    """Sends nothing, as if the server were down."""

    async def send(self, _mail: Mail, _key: str, /) -> None:
        """Sends nothing.

        Raises:
            NoMailServer: Always.
        """
        raise NoMailServer


def create_mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    if settings.smtp_server:
        return SmtpMailer(settings)
    return FileMailer(settings) if settings.environment == "development" else NoMailer()


def is_of_mailbox(refusal: aiosmtplib.SMTPRecipientRefused) -> bool:
    """Whether a refusal for good is about the mailbox."""
    if STATUS.match(refusal.message):  # more exact than the code
        return refuses_mailbox(refusal.message)
    return refusal.code in MAILBOX_CODES


def compose(mail: Mail, sender: str, key: str) -> EmailMessage:
    """Makes a message of a mail, marked as sent by a program (RFC 3834).

    Text and HTML are alternatives, the preferred one last (RFC 2046, 5.1.4).

    Args:
        mail: The mail.
        sender: The address of the sender.
        key: The first part of the Message-ID.

    Raises:
        Undeliverable: No valid message can be made of the mail: its subject has two lines, say.
    """
    message = EmailMessage(policy=POLICY.clone(utf8=not mail.recipient.isascii()))
    try:
        message["From"] = sender
        message["To"] = _address(mail.recipient)
        message["Subject"] = mail.subject.replace(*ENCODED_WORD)
        message.set_content(mail.body, cte=_encoding(mail.body))
        if mail.html:
            message.add_alternative(mail.html, subtype="html", cte=_encoding(mail.html))
        for name, value in mail.headers.items():
            message[name] = value
    except ValueError:
        raise Undeliverable from None
    message["Date"] = datetime.now(UTC)
    message["Message-ID"] = f"<{key}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def _address(recipient: str) -> Address:
    name, _, domain = recipient.rpartition("@")
    return Address(username=name, domain=domain.encode("idna").decode())


def _encoding(body: str) -> str:
    short = all(len(line) <= LONGEST_LINE for line in body.splitlines())
    return "7bit" if short and body.isascii() else "quoted-printable"
