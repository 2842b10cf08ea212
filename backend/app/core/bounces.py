"""Reports of mail servers about mails that they could not deliver (RFC 3464)."""

from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from typing import NamedTuple

from app.core.mail import refuses_mailbox


class Bounce(NamedTuple):
    """A mail that its mailbox has refused for good, as a report returns it.

    Args:
        key: The first part of its Message-ID.
        recipient: The address that it was sent to.
    """

    key: str
    recipient: str


def bounce_in(report: bytes) -> Bounce | None:
    """The mail that a report is about.

    Args:
        report: A message, of which the end may be missing.

    Returns:
        None if the message is no such report, if the delivery may still succeed, or if the refusal
        is not about the mailbox.
    """
    parts = {part.get_content_type(): part for part in _parts(message_from_bytes(report))}
    status = parts.get("message/delivery-status")
    returned = _returned(parts)
    if status is None or returned is None or not any(map(_is_refused, _parts(status))):
        return None
    key, _, _ = str(returned["Message-ID"]).strip(" <>").rpartition("@")
    _, recipient = parseaddr(str(returned["To"]))
    return Bounce(key, recipient)


def _parts(message: Message) -> list[Message]:
    """The parts of a message; the groups of fields of a report."""
    return [part for part in message.get_payload() if isinstance(part, Message)]


def _is_refused(fields: Message) -> bool:
    """Whether the fields about a recipient are of a failed delivery (RFC 3464, 2.3)."""
    is_failed = str(fields["Action"]).strip().lower() == "failed"
    return is_failed and refuses_mailbox(str(fields["Status"]).strip())


def _returned(parts: Mapping[str, Message]) -> Message | None:
    """The mail that a report returns, whole or its header alone (RFC 6522, 3)."""
    if header := parts.get("text/rfc822-headers"):
        content = header.get_payload(decode=True)
        return message_from_bytes(content) if isinstance(content, bytes) else None
    whole = parts.get("message/rfc822")
    return next(iter(_parts(whole)), None) if whole else None
