"""The letters about changes of how people log in."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.notices import Notice
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.letters import reset_link, to_open

REMOVALS = "second factor removals"
"""The purpose of the key that signs the links which stop a removal."""

BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera"}

LETTERS: Mapping[Notice, tuple[str, str]] = {
    Notice.NEW_LOGIN: (
        "A new login to your account",
        """\
your account was used to log in from a place or with a device that you have
not used before:

    {time} (UTC), from the network {network},
    with {browser}""",
    ),
    Notice.SESSION_STOLEN: (
        "A login to your account was ended",
        """\
a login to your account was ended because its token was used twice. Either a
program did not store its last token, or another person had a copy of it.

Please log in again, and look at where you are logged in.""",
    ),
    Notice.USERNAME_CHANGED: (
        "Your username has been changed",
        """\
the username of your account has just been changed. Your new username is

    {username}""",
    ),
    Notice.API_KEY_CREATED: (
        "A new API key for your account",
        """\
a new API key was made for your account. It begins with {prefix}, and is
good for

    {scopes}

You can delete it at any time.""",
    ),
    Notice.SECOND_FACTOR_ADDED: (
        "Your second factor is on",
        """\
logging in to your account takes a code of an authenticator app from now on.
You have been logged out everywhere else.""",
    ),
    Notice.SECOND_FACTOR_REMOVED: (
        "Your second factor is off",
        """\
logging in to your account takes only the password from now on. You have been
logged out everywhere else.""",
    ),
    Notice.RECOVERY_CODES_RENEWED: (
        "New recovery codes for your account",
        "new recovery codes were made for your account. The old ones no longer work.",
    ),
    Notice.RECOVERY_CODE_USED: (
        "A recovery code was used",
        """\
a recovery code was used in place of your authenticator app. If you have lost
the app, please turn the second factor off, and on again with another app.""",
    ),
    Notice.REMOVAL_REQUESTED: (
        "Your second factor is going to be turned off",
        """\
the people who run the marketplace were asked to turn off the second factor
of your account. That will happen on {due_at} (UTC).

If you have asked for it, there is nothing that you need to do. If you have
not, please stop it by opening this link:

{link}""",
    ),
    Notice.REMOVAL_CANCELLED: (
        "Your second factor stays on",
        """\
the people who run the marketplace have cancelled the request to turn off
the second factor of your account.""",
    ),
    Notice.REMOVAL_STOPPED: (
        "Your second factor stays on",
        """\
the request to turn off the second factor of your account was stopped by the
link that we sent you.""",
    ),
}
"""The subject and the text of each."""

IF_NOT_YOU = """\


If it was not you, please choose a new password at once. That also logs out
everybody who uses your account, and deletes all API keys:

{page}"""


def stop_link(public_url: str, token: str) -> str:
    """The page that stops the removal of a second factor."""
    return f"{public_url.rstrip('/')}/keep-second-factor#token={quote(token, safe='')}"


def browser_of(device: str | None) -> str:
    """A name for a device out of our own words, as its own may say anything.

    Args:
        device: The User-Agent of the program.
    """
    found = next((name for name in BROWSERS if f"{name}/" in (device or "")), None)
    return BROWSER_NAMES.get(found, found) if found else "another program"


@dataclass(frozen=True, slots=True)
class NoticeSender:
    """Writes the letters, when it is time to send them.

    Args:
        transaction: The unit of work.
        keyring: Signs the links.
        public_url: Where the links lead.
    """

    transaction: Transaction
    keyring: Keyring
    public_url: str

    async def write(self, user_id: UUID, notice: Notice, details: Mapping[str, str]) -> list[Mail]:
        """The letter to an account, unless it was deleted.

        Args:
            user_id: Whose account it is.
            notice: What happened.
            details: What the letter says of it, by the names that stand in its text.
        """
        user = await UserRepository(self.transaction).undeleted(user_id)
        if user is None:
            return []
        subject, text = LETTERS[notice]
        filled = dict(details)
        if notice is Notice.REMOVAL_REQUESTED:
            token = self.keyring.sign(REMOVALS, UUID(details["removal_id"]).bytes)
            filled["link"] = to_open(stop_link(self.public_url, token))
        if notice is not Notice.REMOVAL_STOPPED:
            text += IF_NOT_YOU
            filled["page"] = reset_link(self.public_url)
        body = f"Hello {user.username},\n\n{text.format_map(filled)}\n\nThe cleaning marketplace\n"
        return [Mail(user.email, subject, body)]
