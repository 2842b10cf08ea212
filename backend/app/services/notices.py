"""The texts of mails about changes of credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.notices import Notice
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.letters import letter, reset_link, to_open

REMOVALS = "second factor removals"
"""The purpose of the key of links that stop a removal."""

BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera"}

LETTERS: Mapping[Notice, tuple[str, str]] = {
    Notice.NEW_LOGIN: (
        "A new login to your account",
        """\
there was a login to your account from a new place or with a new device:

    {time} (UTC), from the network {network},
    with {browser}""",
    ),
    Notice.SESSION_STOLEN: (
        "A login to your account was ended",
        """\
a session of your account was ended because one of its tokens was used
twice. Either a program did not store its latest token, or another person
had a copy.

Please log in again, and check the list of your sessions.""",
    ),
    Notice.USERNAME_CHANGED: (
        "Your username has been changed",
        """\
the username of your account has been changed. Your new username is

    {username}""",
    ),
    Notice.API_KEY_CREATED: (
        "A new API key for your account",
        """\
a new API key was created for your account. It begins with {prefix}
and has the permissions

    {scopes}

You can delete it at any time.""",
    ),
    Notice.WEBHOOK_CREATED: (
        "A new webhook for your account",
        """\
a new webhook was created for your account. Events are sent to

    {host}

You can delete it at any time.""",
    ),
    Notice.WEBHOOK_DISABLED: (
        "A webhook of your account was switched off",
        """\
the webhook of your account that sends events to

    {host}

was switched off: {reason}

Events that it has not received are kept for 30 days. They are sent when
you switch it on again.""",
    ),
    Notice.SECOND_FACTOR_ADDED: (
        "Your second factor is on",
        """\
from now on, each login to your account needs a code of your authenticator
app. You have been logged out on all other devices.""",
    ),
    Notice.SECOND_FACTOR_REMOVED: (
        "Your second factor is off",
        """\
from now on, a login to your account needs only the password. You have been
logged out on all other devices.""",
    ),
    Notice.RECOVERY_CODES_RENEWED: (
        "New recovery codes for your account",
        "new recovery codes were created for your account. The old ones no longer work.",
    ),
    Notice.RECOVERY_CODE_USED: (
        "A recovery code was used",
        """\
a recovery code was used in place of your authenticator app. If you have
lost the app, turn the second factor off, and on again with another app.""",
    ),
    Notice.REMOVAL_REQUESTED: (
        "Your second factor will be turned off",
        """\
the operator of the marketplace was asked to turn off the second factor of
your account. This will happen on {due_at} (UTC).

If you asked for it, you don't need to do anything. If you did not, stop
it with this link:

{link}""",
    ),
    Notice.REMOVAL_CANCELLED: (
        "Your second factor stays on",
        """\
the operator of the marketplace has cancelled the request to turn off the
second factor of your account.""",
    ),
    Notice.REMOVAL_STOPPED: (
        "Your second factor stays on",
        """\
the request to turn off the second factor of your account was stopped with
the link from our mail.""",
    ),
}
"""Subject and text by notice."""

NOT_ACTS = (Notice.REMOVAL_STOPPED, Notice.WEBHOOK_DISABLED)
"""Notices about events that no other person can have caused."""

IF_NOT_YOU = """\


If this was not you, choose a new password at once. This also ends all
sessions of your account, and deletes all API keys:

{page}"""


def stop_link(public_url: str, token: str) -> str:
    """The link that stops the removal of a second factor."""
    return f"{public_url.rstrip('/')}/keep-second-factor#token={quote(token, safe='')}"


def known_browser(device: str | None) -> str | None:
    """The name of a browser; None for other programs, whose User-Agents are arbitrary text.

    Args:
        device: The User-Agent.
    """
    found = next((name for name in BROWSERS if f"{name}/" in (device or "")), None)
    return BROWSER_NAMES.get(found, found) if found else None


def browser_of(device: str | None) -> str:
    """A known name for a device.

    Args:
        device: The User-Agent.
    """
    return known_browser(device) or "another program"


@dataclass(frozen=True, slots=True)
class NoticeSender:
    """Writes the mails when they are sent.

    Args:
        transaction: The unit of work.
        keyring: Signs the links.
        public_url: The base URL of the links.
    """

    transaction: Transaction
    keyring: Keyring
    public_url: str

    async def write(self, user_id: UUID, notice: Notice, details: Mapping[str, str]) -> list[Mail]:
        """The mail to an account, unless it was deleted.

        Args:
            user_id: The account.
            notice: The kind of the notice.
            details: The values of the placeholders in its text.
        """
        user = await UserRepository(self.transaction).undeleted(user_id)
        if user is None:
            return []
        subject, text = LETTERS[notice]
        filled = dict(details)
        if notice is Notice.REMOVAL_REQUESTED:
            token = self.keyring.sign(REMOVALS, UUID(details["removal_id"]).bytes)
            filled["link"] = to_open(stop_link(self.public_url, token))
        if notice not in NOT_ACTS:
            text += IF_NOT_YOU
            filled["page"] = reset_link(self.public_url)
        return [letter(user.email, subject, user.username, text.format_map(filled))]
