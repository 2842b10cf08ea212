"""Mails about links and credentials."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from app.core.catalogues import N_
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.links import LIFETIMES, LinkPurpose
from app.db.models.users import User
from app.db.repositories.links import LinkRepository
from app.db.repositories.suppressions import SuppressionRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.letters import Letterhead, LetterWriter, Note, Texts
from app.services.links import SIGNING

EXPIRES = N_("The link works once and expires {in_time}.")

VERIFY_EMAIL = Texts(
    N_("Please confirm your email address"),
    [N_("Welcome to {market}! Please confirm your email address.")],
    action=N_("Confirm the address"),
    notes=[
        EXPIRES,
        N_(
            "If you have not registered, someone entered your address by mistake. You can ignore "
            "this mail."
        ),
    ],
)
"""After a registration."""

CONFIRM_AGAIN = Texts(
    N_("Please confirm your email address"),
    [
        N_(
            "Your mail server has refused a mail of ours, so we send you no mails about your "
            "notifications. If you can read this, please confirm your email address again."
        )
    ],
    action=N_("Confirm the address"),
    notes=[EXPIRES],
)
"""To an account whose mailbox has refused mail."""

CHANGE_EMAIL = Texts(
    N_("Please confirm your new email address"),
    [
        N_(
            "You asked to use this email address for your account. Please confirm it. Until then, "
            "nothing changes."
        )
    ],
    action=N_("Confirm the address"),
    notes=[
        EXPIRES,
        N_(
            "If you did not ask for this, someone entered your address by mistake. You can ignore "
            "this mail."
        ),
    ],
)
"""To the new address of an account."""

EMAIL_CHANGED = Texts(
    N_("Your email address has been changed"),
    [
        N_(
            "The email address of your account has been changed. This is the last mail to this "
            "address."
        )
    ],
    notes=[
        N_(
            "If you did not change it, another person has access to your account. Please contact "
            "the operator of the marketplace at once."
        )
    ],
)
"""To the previous address of an account."""

ALREADY_REGISTERED = Texts(
    N_("You already have an account"),
    [
        N_(
            "Someone, probably you, tried to register with this email address. You already have an "
            "account: please log in with the username {username}. If you have forgotten your "
            "password, you can choose a new one."
        )
    ],
    action=N_("Choose a new password"),
    notes=[N_("If this was not you, you can ignore this mail: your account is safe.")],
)
"""After a registration with the address of an existing account."""

RESET_PASSWORD = Texts(
    N_("Choose a new password"),
    [N_("Someone, probably you, asked to reset the password of your account.")],
    action=N_("Choose a new password"),
    notes=[
        EXPIRES,
        N_("If this was not you, you can ignore this mail: your password stays the same."),
    ],
)

PASSWORD_CHANGED = Texts(
    N_("Your password has been changed"),
    [
        N_(
            "The password of your account has been changed. You have been logged out on all other "
            "devices."
        )
    ],
)
IF_NOT_YOU = N_("If this was not you, choose a new password at once:")


def verification_link(public_url: str, token: str) -> str:
    """The link that verifies an email address. Browsers don't send the part behind ``#``."""
    return f"{public_url}/verify-email#token={quote(token, safe='')}"


def reset_link(public_url: str, token: str | None = None) -> str:
    """The link that resets a password; without a token, the page that requests one."""
    page = f"{public_url}/reset-password"
    return page if token is None else f"{page}#token={quote(token, safe='')}"


def link_mail(writer: LetterWriter, texts: Texts, url: str, purpose: LinkPurpose) -> Mail:
    """A mail with a link.

    Args:
        writer: Writes it.
        texts: The texts.
        url: The link.
        purpose: The purpose of the link, which has its lifetime.
    """
    in_time = writer.formats.within(LIFETIMES[purpose])
    return writer.mail(writer.letter(texts, url=url, in_time=in_time))


def already_registered(writer: LetterWriter) -> Mail:
    """The mail after a registration with the address of an existing account."""
    page = reset_link(writer.letterhead.public_url)
    return writer.mail(writer.letter(ALREADY_REGISTERED, url=page))


def email_changed(writer: LetterWriter) -> Mail:
    """The mail to the previous address of an account."""
    return writer.mail(writer.letter(EMAIL_CHANGED))


def password_changed(writer: LetterWriter) -> Mail:
    """The mail after a change of the password."""
    advice = Note(writer.text(IF_NOT_YOU), reset_link(writer.letterhead.public_url))
    return writer.mail(writer.letter(PASSWORD_CHANGED, advice))


@dataclass(frozen=True, slots=True)
class LinkSender:
    """Writes the mails with links when they are sent.

    Args:
        transaction: The unit of work.
        keyring: Signs the links.
        letterhead: The market.
    """

    transaction: Transaction
    keyring: Keyring
    letterhead: Letterhead

    async def verify_email(self, email: str) -> list[Mail]:
        """The mail to the unverified address of a new account, or to one that has refused mail.

        If another account has the address, that account is notified instead.
        """
        suppressed = await SuppressionRepository(self.transaction).holder(email)
        if suppressed is not None:
            return [self._verification(suppressed, CONFIRM_AGAIN)]
        users = UserRepository(self.transaction)
        user = await users.unverified(email)
        if user is None:
            return []
        holder = await users.holder(email)
        if holder is not None and holder.id != user.id:
            return [already_registered(self._writer(holder))]
        return [self._verification(user, VERIFY_EMAIL)]

    async def change_email(self, link_id: UUID) -> list[Mail]:
        """The mail to the new address of an account, unless the requesting session has ended.

        If another account has the address, that account is notified instead.
        """
        users = UserRepository(self.transaction)
        links = LinkRepository(self.transaction)
        link = await links.find(link_id)
        user = await users.lock(link.user_id) if link else None
        # The link may have been voided before the account was locked.
        if link is None or user is None or await links.find(link_id) is None:
            return []
        holder = await users.holder(link.email)
        if holder is not None and holder.id != user.id:
            return [already_registered(self._writer(holder))]
        link.renew()
        token = self.keyring.sign(SIGNING, link.id.bytes)
        url = verification_link(self.letterhead.public_url, token)
        writer = self.letterhead.writer(link.email, user.username, user.language)
        return [link_mail(writer, CHANGE_EMAIL, url, link.purpose)]

    async def reset_password(self, email: str) -> list[Mail]:
        """The mail that resets a password, if an account has the address."""
        user = await UserRepository(self.transaction).holder(email)
        if user is None:
            return []
        purpose = LinkPurpose.RESET_PASSWORD
        url = reset_link(self.letterhead.public_url, self._token(user, purpose))
        return [link_mail(self._writer(user), RESET_PASSWORD, url, purpose)]

    async def password_changed(self, user_id: UUID) -> list[Mail]:
        """The mail about a changed password."""
        user = await UserRepository(self.transaction).lock(user_id)
        return [] if user is None else [password_changed(self._writer(user))]

    def _verification(self, user: User, texts: Texts) -> Mail:
        purpose = LinkPurpose.VERIFY_EMAIL
        url = verification_link(self.letterhead.public_url, self._token(user, purpose))
        return link_mail(self._writer(user), texts, url, purpose)

    def _writer(self, user: User) -> LetterWriter:
        return self.letterhead.writer(user.email, user.username, user.language)

    def _token(self, user: User, purpose: LinkPurpose) -> str:
        link = LinkRepository(self.transaction).add(user.id, purpose, user.email)
        return self.keyring.sign(SIGNING, link.id.bytes)
