"""Mails, and the statuses of mailboxes that refuse them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

STATUS = re.compile(r"5\.([0-9]{1,3})\.[0-9]{1,3}\b")  # a permanent failure (RFC 3463)
MAILBOX_SUBJECTS = frozenset({"1", "2"})  # addresses and mailboxes (RFC 3463, 3.2 and 3.3)
OTHER_STATUSES = frozenset({"5.1.7", "5.1.8", "5.2.3"})  # the sender, and the length of the mail


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


def refuses_mailbox(text: str) -> bool:
    """Whether a status refuses the mailbox for good, and not the sender or the content.

    Args:
        text: Begins with an enhanced status code.
    """
    status = STATUS.match(text)
    return status is not None and status[1] in MAILBOX_SUBJECTS and status[0] not in OTHER_STATUSES
