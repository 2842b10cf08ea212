"""Mails about changes of credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from app.core.catalogues import N_
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.notices import Notice
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.letters import Letterhead, LetterWriter, Note, Texts
from app.services.link_letters import reset_link
from app.services.notices import REMOVALS

LETTERS: Mapping[Notice, Texts] = {
    Notice.NEW_LOGIN: Texts(
        N_("A new login to your account"),
        [N_("There was a login to your account from a new place or with a new device.")],
        {N_("Time"): "time", N_("Network"): "network", N_("Browser"): "browser"},
    ),
    Notice.SESSION_STOLEN: Texts(
        N_("A login to your account was ended"),
        [
            N_(
                "A session of your account was ended because one of its tokens was used twice. "
                "Either a program did not store its latest token, or another person had a copy."
            ),
            N_("Please log in again, and check the list of your sessions."),
        ],
    ),
    Notice.USERNAME_CHANGED: Texts(
        N_("Your username has been changed"),
        [N_("The username of your account has been changed.")],
        {N_("New username"): "username"},
    ),
    Notice.API_KEY_CREATED: Texts(
        N_("A new API key for your account"),
        [N_("A new API key was created for your account. You can delete it at any time.")],
        {N_("Beginning of the key"): "prefix", N_("Permissions"): "scopes"},
    ),
    Notice.WEBHOOK_CREATED: Texts(
        N_("A new webhook for your account"),
        [
            N_(
                "A new webhook, which is sent events, was created for your account. You can delete "
                "it at any time."
            )
        ],
        {N_("Receiver"): "host"},
    ),
    Notice.WEBHOOK_URL_CHANGED: Texts(
        N_("The URL of a webhook has been changed"),
        [
            N_(
                "A webhook of your account sends events to another URL from now on. You can "
                "change it or delete it at any time."
            )
        ],
        {N_("Receiver"): "host"},
    ),
    Notice.WEBHOOK_DISABLED: Texts(
        N_("A webhook of your account was switched off"),
        [
            N_(
                "A webhook of your account was switched off. Events that it has not received are "
                "kept for 30 days. They are sent when you switch it on again."
            )
        ],
        {N_("Receiver"): "host", N_("Reason"): "reason"},
    ),
    Notice.SECOND_FACTOR_ADDED: Texts(
        N_("Your second factor is on"),
        [
            N_(
                "From now on, each login to your account needs a code of your authenticator app. "
                "You have been logged out on all other devices."
            )
        ],
    ),
    Notice.SECOND_FACTOR_REMOVED: Texts(
        N_("Your second factor is off"),
        [
            N_(
                "From now on, a login to your account needs only the password. You have been "
                "logged out on all other devices."
            )
        ],
    ),
    Notice.RECOVERY_CODES_RENEWED: Texts(
        N_("New recovery codes for your account"),
        [N_("New recovery codes were created for your account. The old ones no longer work.")],
    ),
    Notice.RECOVERY_CODE_USED: Texts(
        N_("A recovery code was used"),
        [
            N_(
                "A recovery code was used in place of your authenticator app. If you have lost the "
                "app, turn the second factor off, and on again with another app."
            )
        ],
    ),
    Notice.REMOVAL_REQUESTED: Texts(
        N_("Your second factor will be turned off"),
        [
            N_(
                "The operator of the marketplace was asked to turn off the second factor of your "
                "account. If you asked for it, you don't need to do anything. If you did not, stop "
                "it."
            )
        ],
        {N_("Will be turned off"): "due_at"},
        action=N_("Keep the second factor"),
    ),
    Notice.REMOVAL_CANCELLED: Texts(
        N_("Your second factor stays on"),
        [
            N_(
                "The operator of the marketplace has cancelled the request to turn off the second "
                "factor of your account."
            )
        ],
    ),
    Notice.REMOVAL_STOPPED: Texts(
        N_("Your second factor stays on"),
        [
            N_(
                "The request to turn off the second factor of your account was stopped with the "
                "link from our mail."
            )
        ],
    ),
}

NOT_ACTS = (Notice.REMOVAL_STOPPED, Notice.WEBHOOK_DISABLED)
"""Notices about events that no other person can have caused."""

IF_NOT_YOU = N_(
    "If this was not you, choose a new password at once. This also ends all sessions of your "
    "account, and deletes all API keys and webhooks:"
)
TIMES = ("time", "due_at")
"""The details that are times, in UTC."""
TEXTS = ("browser", "reason")
"""The details that are texts in the source."""


def stop_link(public_url: str, token: str) -> str:
    """The link that stops the removal of a second factor."""
    return f"{public_url}/keep-second-factor#token={quote(token, safe='')}"


@dataclass(frozen=True, slots=True)
class NoticeSender:
    """Writes the mails when they are sent.

    Args:
        transaction: The unit of work.
        keyring: Signs the links.
        letterhead: The market.
    """

    transaction: Transaction
    keyring: Keyring
    letterhead: Letterhead

    async def write(self, user_id: UUID, notice: Notice, details: Mapping[str, str]) -> list[Mail]:
        """The mail to an account, unless it was deleted.

        Args:
            user_id: The account.
            notice: The kind of the notice.
            details: The values of the facts in its texts.
        """
        user = await UserRepository(self.transaction).undeleted(user_id)
        if user is None:
            return []
        writer = self.letterhead.writer(user.email, user.username, user.language)
        values = {name: self._shown(writer, name, value) for name, value in details.items()}
        url, notes = "", []
        if notice is Notice.REMOVAL_REQUESTED:
            token = self.keyring.sign(REMOVALS, UUID(details["removal_id"]).bytes)
            url = stop_link(self.letterhead.public_url, token)
        if notice not in NOT_ACTS:
            page = reset_link(self.letterhead.public_url)
            notes.append(Note(writer.text(IF_NOT_YOU), page))
        return [writer.mail(writer.letter(LETTERS[notice], *notes, url=url, **values))]

    def _shown(self, writer: LetterWriter, name: str, value: str) -> str:
        """A detail in the language of the letter."""
        if name in TIMES:
            return writer.formats.zoned(datetime.fromisoformat(value).replace(tzinfo=UTC))
        return writer.gettext(value) if name in TEXTS else value
