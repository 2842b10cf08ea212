"""Mails of notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.catalogues import N_
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.repositories.notification_mails import NotificationMailRepository
from app.postgres.transactions import Transaction
from app.services.letters import Hyperlink, Letter, Letterhead, LetterWriter, Note
from app.services.notification_preferences import unsubscribe_token
from app.services.notification_views import Notification
from app.services.statement_letters import answering

LIST = "/notifications"
ONE_CLICK = "List-Unsubscribe=One-Click"
"""The content of the request by which mail programs unsubscribe (RFC 8058, 3.1)."""


@dataclass(frozen=True, slots=True)
class NotificationMailSender:
    """Writes mails of notifications when they are sent.

    Args:
        transaction: The unit of work.
        keyring: Signs the links that unsubscribe.
        letterhead: The market.
    """

    transaction: Transaction
    keyring: Keyring
    letterhead: Letterhead

    async def write(self, user_id: UUID, mode: str, first: int, last: int) -> list[Mail]:
        """The mail about some notifications, unless none of them is wanted any more.

        Args:
            user_id: The recipient.
            mode: The mode of the mail.
            first: The position of the first notification.
            last: The position of the last notification.
        """
        mails = NotificationMailRepository(self.transaction)
        recipient = await mails.recipient(user_id)
        found, total = await mails.notifications(user_id, mode, first, last)
        if recipient is None or not found:
            return []
        writer = self.letterhead.writer(recipient.email, recipient.username, recipient.language)
        notifications = [Notification.model_validate_json(it) for it in found]
        token = unsubscribe_token(self.keyring, user_id)
        unsubscribing = url_of(writer, f"/unsubscribe/{token}")
        footer = [
            Hyperlink(
                writer.text(N_("Choose your notifications")), url_of(writer, f"{LIST}/preferences")
            ),
            Hyperlink(writer.text(N_("Stop these mails")), unsubscribing),
        ]
        letter = letter_of(writer, notifications, total, footer)
        # RFC 2369, 3.2, and RFC 8058
        headers = {"List-Unsubscribe": f"<{unsubscribing}>", "List-Unsubscribe-Post": ONE_CLICK}
        return [writer.mail(letter, headers)]


def letter_of(
    writer: LetterWriter,
    notifications: Sequence[Notification],
    total: int,
    footer: Sequence[Hyperlink],
) -> Letter:
    """A letter about one notification, or with a list.

    Args:
        writer: Writes the letter.
        notifications: The notifications that it shows.
        total: The number of all.
        footer: The links below the letter.
    """
    answers = answering(writer) if any(it.rule for it in notifications) else []
    if total == 1:
        (only,) = notifications
        action = Hyperlink(writer.text(N_("Open it")), url_of(writer, only.path or LIST))
        reasons = reasons_of(writer, only)
        return Letter(
            sentence_of(writer, only), reasons, action=action, notes=answers, footer=footer
        )
    items = [
        Hyperlink(
            " ".join((sentence_of(writer, it), *reasons_of(writer, it))),
            url_of(writer, it.path or LIST),
        )
        for it in notifications
    ]
    subject = writer.ngettext("%(num)d new notification", "%(num)d new notifications", total)
    rest = total - len(items)
    more = writer.ngettext("And %(num)d more:", "And %(num)d more:", rest) % {"num": rest}
    notes = [Note(more, url_of(writer, LIST))] if rest else []
    return Letter(subject % {"num": total}, items=items, notes=[*notes, *answers], footer=footer)


def sentence_of(writer: LetterWriter, notification: Notification) -> str:
    """What a notification says."""
    return notification.sentence(writer.gettext, writer.isolated)


def reasons_of(writer: LetterWriter, notification: Notification) -> list[str]:
    """The rule and the time of a restriction, and the reason that the operator has given.

    The reason is the last line, as the only one that need not end with a full stop.
    """
    said = []
    if notification.ground:
        time = writer.formats.zoned(notification.created_at)
        said = [
            writer.labelled(writer.text(N_("Rule")), writer.text(notification.ground)),
            writer.text(N_("It is in force from {time}."), time=time),
        ]
    reason = " ".join((notification.reason or "").split())
    return [*said, f"{writer.text(N_('Reason:'))} {writer.isolated(reason)}"] if reason else said


def url_of(writer: LetterWriter, path: str) -> str:
    """The URL of a page."""
    return f"{writer.letterhead.public_url}{path}"
