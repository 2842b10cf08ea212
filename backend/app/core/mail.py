"""Mails."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain text mail to one recipient."""

    recipient: str
    subject: str
    body: str
