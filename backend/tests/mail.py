"""Mail as people get it: what the tasks of a test send, and a real server that takes it."""

import ssl
from asyncio import Event, get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.core.config import Settings
from app.db.models.fields import now
from app.worker.mailers import FileMailer
from tests.factories.tasks import runner_for
from tests.factories.users import Market

HOST = "127.0.0.1"


async def deliver(market: Market, imprint_file: Path | None = None) -> list[EmailMessage]:
    """Runs all tasks that are due, as a worker would, and returns the mails that come of them."""
    with TemporaryDirectory() as folder:
        settings = Settings(
            environment="development", mail_directory=Path(folder), imprint_file=imprint_file
        )
        runner = runner_for(market.app, FileMailer(settings), settings)
        while (task := await runner.take()) is not None:
            await runner.run(task)
        rows = await market.app.state.database.fetch("SELECT kind, error FROM tasks", ())
        assert not [dict(row) for row in rows if row["error"]]
        return [parsed(file.read_bytes()) for file in _sorted(Path(folder))]


def _sorted(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def parsed(content: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    part = message.get_body(("plain",))
    assert part
    text: str = part.get_content()
    return text


class MailServer:
    """Receives mail, or does what a test defines."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.asked = Event()
        self.goes_on = Event()
        self.goes_on.set()
        self.answer_to_sender = "250 OK"
        self.answer_to_recipient = "250 OK"
        self.answer_to_mail = "250 OK"
        self.port = 0

    @property
    def messages(self) -> list[EmailMessage]:
        """The mail that was taken."""
        return [parsed(envelope.original_content or b"") for envelope in self.received]

    def settings(self, **values: Any) -> dict[str, Any]:
        """The settings of a service that sends its mail here, as in the environment."""
        return {
            "smtp_server": HOST,
            "smtp_port": self.port,
            "smtp_security": "none",
            **values,
        }

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answers to the name of the sender."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answer_to_sender

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answers to the name of a recipient."""
        envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Any, envelope: Envelope
    ) -> str:
        """Answers to a mail, when the test lets it go on."""
        self.asked.set()
        await self.goes_on.wait()
        if self.answer_to_mail.startswith("2"):
            self.received.append(envelope)
        return self.answer_to_mail


@asynccontextmanager
async def mail_server(
    *, port: int = 0, tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[MailServer]:
    """A real mail server, on a free port.

    Args:
        port: The port, if it is to be this one.
        tls: Has it speak TLS from the beginning.
        options: What else `aiosmtpd.smtp.SMTP` should know.
    """
    handler = MailServer()
    loop = get_running_loop()

    def connected() -> SMTP:
        return SMTP(handler, loop=loop, hostname="mail.test", **options)

    server = await loop.create_server(connected, HOST, port, ssl=tls)
    handler.port = server.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        handler.goes_on.set()
        server.close()
        await server.wait_closed()


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Makes a certificate for this machine.

    Returns:
        What a server needs to speak TLS, and the file that those who trust it need.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(hours=1))
        .not_valid_after(now() + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
