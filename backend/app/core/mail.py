"""Mails."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one recipient.

    Args:
        recipient: The address.
        subject: The subject.
        body: The plain text.
        html: The same content in HTML; empty for a mail of plain text alone.
        headers: Further header fields by name.
    """

    recipient: str
    subject: str
    body: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
