"""Mail: what it looks like, how it is sent, and what no words in it can do."""

import ssl
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from re import fullmatch
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from app.core.config import Settings
from app.core.mail import Mail
from app.db.models.fields import now
from app.worker.mailers import (
    FileMailer,
    NoMailer,
    NoMailServer,
    SmtpMailer,
    Undeliverable,
    compose,
    create_mailer,
)
from tests.mail import MailServer, mail_server, make_certificate, parsed

SENDER = "Cleaning marketplace <post@cleaning.example>"
LETTER = Mail("anna@example.com", "Hello", "Dear Anna,\n\nhttps://example.com/#token=1.2\n")
SECRET = "0123456789abcdef0123456789abcdef"
LINE_ENDS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def settings(**values: Any) -> Settings:
    return Settings(environment="development", mail_from=SENDER, **values)


class TestComposing:
    def test_says_who_writes_what_to_whom(self) -> None:
        message = parsed(bytes(compose(LETTER, SENDER, "key")))
        assert message["From"] == SENDER
        assert message["To"] == LETTER.recipient
        assert message["Subject"] == "Hello"
        assert message["Message-ID"] == "<key@cleaning.example>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert abs((parsedate_to_datetime(message["Date"]) - now()).total_seconds()) < 5
        assert message.get_content() == LETTER.body

    def test_leaves_links_as_they_are(self) -> None:
        assert b"\r\nhttps://example.com/#token=1.2\r\n" in bytes(compose(LETTER, SENDER, "key"))

    @pytest.mark.parametrize("text", ["Grüße\n", "x" * 2000 + "\n", "é" * 2000 + "\n", "\n.\n"])
    def test_takes_any_text(self, text: str) -> None:
        content = bytes(compose(Mail("anna@example.com", text.strip(), text), SENDER, "key"))
        assert content.isascii()
        assert max(len(line) for line in content.splitlines()) <= 998
        message = parsed(content)
        assert message["Subject"] == text.strip()
        assert message.get_content() == text

    @pytest.mark.parametrize("word", ["=?utf-8?q?x=00=0ABcc:_x?=", "a =?utf-8?b?AAA?= b"])
    def test_does_not_decode_encoded_words(self, word: str) -> None:
        content = bytes(compose(Mail("anna@example.com", word, ""), SENDER, "key"))
        assert content.isascii()
        assert b"\0" not in content
        assert parsed(content)["Subject"].replace("\u2060", "") == word

    @pytest.mark.parametrize("end", LINE_ENDS)
    @pytest.mark.parametrize("place", ["recipient", "subject"])
    def test_refuses_a_header_of_two_lines(self, place: str, end: str) -> None:
        values: dict[str, Any] = {"recipient": "anna@example.com", "subject": "Hello", "body": ""}
        values[place] += f"{end}Bcc: all@example.com"
        try:
            message = compose(Mail(**values), SENDER, "key")
        except Undeliverable:
            return
        assert parsed(bytes(message)).keys() == message.keys()
        assert "Bcc" not in message
        assert not [line for line in bytes(message).splitlines() if line.startswith(b"Bcc")]

    @pytest.mark.parametrize(
        "recipient", ["anna@example.com, ben@example.com", "anna, ben@example.com", "a;b@c.d"]
    )
    def test_writes_to_one_person_only(self, recipient: str) -> None:
        message = compose(Mail(recipient, "Hello", ""), SENDER, "key")
        assert len(parsed(bytes(message))["To"].addresses) == 1

    @pytest.mark.parametrize("body", ["\ud800", "Hello\n\ud800"])
    def test_refuses_what_is_no_text(self, body: str) -> None:
        with pytest.raises(Undeliverable):
            compose(Mail("anna@example.com", "Hello", body), SENDER, "key")


class TestComposingHtml:
    MAIL = replace(
        LETTER,
        body="Grüße,\n\nhttps://example.com/#token=1.2\n",
        html=f"<!doctype html>\n<p>Grüße</p><p>{'x' * 2000}</p>\n",
        headers={"Content-Language": "de"},
    )

    def test_puts_it_behind_the_text(self) -> None:
        content = bytes(compose(self.MAIL, SENDER, "key"))
        assert content.isascii()
        assert max(len(line) for line in content.splitlines()) <= 998
        message = parsed(content)
        assert message.get_content_type() == "multipart/alternative"
        assert message["Content-Language"] == "de"
        parts = [(it.get_content_type(), it.get_content()) for it in message.iter_parts()]
        assert parts == [("text/plain", self.MAIL.body), ("text/html", self.MAIL.html)]

    async def test_keeps_long_urls_in_header_fields_whole(self) -> None:
        url = f"<https://{'long.' * 30}example/unsubscribe/{'x' * 22}>"
        mail = replace(self.MAIL, subject="Ä long subject" * 20, headers={"List-Unsubscribe": url})
        async with mail_server() as server:
            await SmtpMailer(settings(**server.settings())).send(mail, "key")
        (envelope,) = server.received
        head = (envelope.original_content or b"").partition(b"\r\n\r\n")[0]
        assert f"\r\nList-Unsubscribe: {url}\r\n".encode() in head
        lines = [line for line in head.split(b"\r\n") if b"List-Unsubscribe" not in line]
        assert max(map(len, lines)) <= 78
        assert server.messages[0]["Subject"] == mail.subject

    @pytest.mark.parametrize("end", LINE_ENDS)
    def test_keeps_header_fields_in_one_line(self, end: str) -> None:
        mail = replace(self.MAIL, headers={"List-Unsubscribe": f"<https://a.example>{end}"})
        message = parsed(bytes(compose(mail, SENDER, "key")))
        assert message["List-Unsubscribe"] == "<https://a.example>"
        assert message["Message-ID"] == "<key@cleaning.example>"


class TestSending:
    async def test_hands_the_mail_over(self) -> None:
        async with mail_server() as server:
            await SmtpMailer(settings(**server.settings())).send(LETTER, "key")
        (envelope,) = server.received
        assert (envelope.mail_from, envelope.rcpt_tos) == (
            "post@cleaning.example",
            [LETTER.recipient],
        )
        (message,) = server.messages
        assert fullmatch(r"<key\.[0-9a-f]{32}@cleaning\.example>", message["Message-ID"])
        assert message.get_content() == LETTER.body

    @pytest.mark.parametrize(
        ("recipient", "sent_to"),
        [
            ("anna@bücher.example", "anna@xn--bcher-kva.example"),
            ("käthe@bücher.example", "käthe@xn--bcher-kva.example"),
        ],
    )
    async def test_to_addresses_of_any_script(self, recipient: str, sent_to: str) -> None:
        async with mail_server(enable_SMTPUTF8=True) as server:
            mail = Mail(recipient, "Grüße", "Grüße\n")
            await SmtpMailer(settings(**server.settings())).send(mail, "key")
        assert server.received[0].rcpt_tos == [sent_to]
        assert server.messages[0].get_content() == "Grüße\n"

    @pytest.mark.parametrize(
        ("answer", "error"),
        [("550 not here", Undeliverable), ("450 not now", aiosmtplib.SMTPRecipientsRefused)],
    )
    async def test_to_somebody_whom_the_server_refuses(
        self, answer: str, error: type[Exception]
    ) -> None:
        async with mail_server() as server:
            server.answer_to_recipient = answer
            with pytest.raises(error):
                await SmtpMailer(settings(**server.settings())).send(LETTER, "key")
        assert server.received == []

    async def test_without_a_server_is_an_error(self) -> None:
        async with mail_server() as server:
            pass
        with pytest.raises(aiosmtplib.SMTPConnectError):
            await SmtpMailer(settings(**server.settings())).send(LETTER, "key")


def authenticate(
    _server: object, _session: object, _envelope: object, _mechanism: str, given: object
) -> AuthResult:
    """Knows the service, and nobody else."""
    known = given == LoginPassword(b"service", b"p\xc3\xa4ss word")
    return AuthResult(success=known, handled=known)


class TestSecurity:
    @pytest.fixture
    def certificate(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
        """A certificate that this process trusts."""
        context, file = make_certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        return context

    async def test_logs_in_over_starttls(self, certificate: ssl.SSLContext) -> None:
        options: Any = {
            "require_starttls": True,
            "auth_required": True,
            "authenticator": authenticate,
        }
        async with mail_server(tls_context=certificate, **options) as server:
            right = server.settings(
                smtp_security="starttls", smtp_user="service", smtp_password="päss word"
            )
            await SmtpMailer(settings(**right)).send(LETTER, "key")
            assert len(server.received) == 1
            with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                await SmtpMailer(settings(**right | {"smtp_password": "x"})).send(LETTER, "key")
        assert len(server.received) == 1

    async def test_may_be_tls_from_the_beginning(self, certificate: ssl.SSLContext) -> None:
        async with mail_server(tls=certificate) as server:
            await SmtpMailer(settings(**server.settings(smtp_security="tls"))).send(LETTER, "key")
        assert len(server.received) == 1

    async def test_is_never_done_without(self) -> None:
        async with mail_server() as server:
            with pytest.raises(aiosmtplib.SMTPException, match="STARTTLS"):
                await self.send(server, smtp_security="starttls")
        assert server.received == []

    async def test_trusts_no_strange_certificate(self, tmp_path: Path) -> None:
        context, _ = make_certificate(tmp_path)
        async with mail_server(tls_context=context, require_starttls=True) as server:
            with pytest.raises(ssl.SSLCertVerificationError):
                await self.send(server, smtp_security="starttls")
        assert server.received == []

    async def send(self, server: MailServer, **values: Any) -> None:
        await SmtpMailer(settings(**server.settings(**values))).send(LETTER, "key")


class TestWritingToFiles:
    async def test_makes_one_file_of_a_mail_however_often_it_is_sent(self, tmp_path: Path) -> None:
        folder = tmp_path / "made" / "when needed"
        for _ in range(2):
            await FileMailer(settings(mail_directory=folder)).send(LETTER, "key")
        (file,) = folder.iterdir()
        assert file.name == "key.eml"
        assert parsed(file.read_bytes()).get_content() == LETTER.body


class TestTheWayToSend:
    def test_is_a_server_if_there_is_one(self) -> None:
        assert isinstance(create_mailer(settings(smtp_server="mail")), SmtpMailer)

    def test_is_files_in_development(self) -> None:
        assert isinstance(create_mailer(settings()), FileMailer)

    async def test_is_none_elsewhere(self) -> None:
        mailer = create_mailer(
            Settings(environment="production", secret_key=SECRET, postgres_password=SECRET)
        )
        assert isinstance(mailer, NoMailer)
        with pytest.raises(NoMailServer):
            await mailer.send(LETTER, "key")
