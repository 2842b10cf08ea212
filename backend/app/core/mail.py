"""Mail, as it is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter to one person, in plain text."""

    recipient: str
    subject: str
    body: str
