"""Mailed links: verification of email addresses, and resets of passwords."""

from collections.abc import Collection
from uuid import UUID

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.names import mailbox_key
from app.core.raising import raises
from app.core.security.keys import Keyring
from app.db.models.kinds.links import LinkTask
from app.db.models.kinds.second_factors import SecondFactorAction
from app.db.models.kinds.users import AccountAction, UserEvent
from app.db.models.links import LinkInvalid, LinkPurpose, PasswordReset
from app.db.models.notices import Notice
from app.db.models.users import EmailTaken, User, demand_no_names
from app.db.repositories.audit import AuditRepository
from app.db.repositories.credentials import CredentialsReader
from app.db.repositories.events import EventRepository
from app.db.repositories.links import LinkRepository, Opened
from app.db.repositories.profiles import ProfileRepository
from app.db.repositories.second_factors import SecondFactorRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.suppressions import SuppressionRepository
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.users import UserRepository
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.notices import REMOVALS
from app.services.safeguards import Safeguards

SIGNING = "links"
VERIFYING = (LinkPurpose.VERIFY_EMAIL, LinkPurpose.CHANGE_EMAIL)
RESETTING = (LinkPurpose.RESET_PASSWORD,)


@raises(LinkInvalid)
def linked_id(keyring: Keyring, purpose: str, token: str) -> UUID:
    """The id in the token of a mailed link.

    Args:
        keyring: The keys.
        purpose: What the link is for.
        token: The token.
    """
    try:
        return UUID(bytes=keyring.unsign(purpose, token))
    except ValueError as error:
        raise LinkInvalid from error


class LinkService:
    """The use cases of links.

    The response to a request for a mail is the same with and without an account: the account is
    looked up when the mail is sent.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The protection of accounts.
        source: Counts attempts, outside of the transaction, so that they count if it fails, too.
    """

    def __init__(
        self, transaction: Transaction, client: Client, safeguards: Safeguards, source: Source
    ) -> None:
        self._audit = AuditRepository(transaction)
        self._events = EventRepository(transaction)
        self._factors = SecondFactorRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._links = LinkRepository(transaction)
        self._profiles = ProfileRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._suppressions = SuppressionRepository(transaction)
        self._users = UserRepository(transaction)
        self._credentials = CredentialsReader(source)
        self._throttles = ThrottleRepository(source, safeguards.keyring)
        self._client = client
        self._address_hash = safeguards.keyring.disguise("known addresses", client.site)
        self._passwords = safeguards.passwords
        self._keyring = safeguards.keyring
        self._limits = safeguards.limits

    @raises(TooManyRequests)
    async def ask_for_verification(self, email: str) -> None:
        """Mails a link to an address if an account waits for its verification."""
        await self._throttles.take(Attempt.by_mail(self._limits, email, self._client))
        self._tasks.enqueue(LinkTask.VERIFY_EMAIL, {"email": email})

    @raises(LinkInvalid, EmailTaken)
    async def verify_email(self, token: str) -> None:
        """Verifies the email address of an account, or changes it to the verified one."""
        opened = await self._open(token, VERIFYING)
        user = await self._lock(opened)
        changed = opened.purpose is LinkPurpose.CHANGE_EMAIL
        if changed:
            self._tasks.tell_former_address(user)
        user.verify(opened.email)
        await self._users.save()
        self._suppressions.end(user.id)
        self._links.void(user.id)
        action = AccountAction.EMAIL_CHANGED if changed else AccountAction.EMAIL_VERIFIED
        self._audit.record(action, self._client, actor_id=user.id)
        self._events.record(user.id, UserEvent.EDITED, user.id)

    @raises(TooManyRequests)
    async def ask_for_reset(self, email: str) -> None:
        """Mails a link to an address that resets the password of its account.

        Requests from unknown places do not use up the limit of places of earlier logins.
        """
        limits, mailbox = self._limits, ("mailbox", mailbox_key(email))
        found = await self._credentials.credentials(email, self._address_hash, b"")
        if found and found.address_known:
            attempts = [Attempt(limits.resets_per_email, (*mailbox, "at", self._client.site))]
        else:
            attempts = [
                *Attempt.by_network(limits.mails_per_address, self._client),
                Attempt.by_stranger(limits.resets_per_email, mailbox, self._client),
            ]
        await self._throttles.take(attempts)
        self._tasks.enqueue(LinkTask.RESET_PASSWORD, {"email": email})

    @raises(LinkInvalid)
    async def reset_password(self, reset: PasswordReset) -> None:
        """Sets a new password by a mailed token.

        All sessions, API keys and webhooks of the account end. A second factor stays.
        """
        link_id = linked_id(self._keyring, SIGNING, reset.token)
        password_hash = await self._passwords.hash(reset.password)
        opened = await self._links.open(link_id, RESETTING)
        user = await self._lock(opened)
        profile = await self._profiles.lock(user.id)
        demand_no_names(reset.password, user.username, user.email, profile.full_name)
        user.password_hash = password_hash
        user.verify(opened.email)
        self._suppressions.end(user.id)
        await self._sessions.end_all(user.id)
        self._links.void(user.id)
        self._tasks.tell_of_password(user.id)
        self._audit.record(AccountAction.PASSWORD_RESET, self._client, actor_id=user.id)
        self._events.record(user.id, UserEvent.EDITED, user.id)

    @raises(LinkInvalid)
    async def stop_removal(self, token: str) -> None:
        """Cancels the removal of a second factor by a mailed token."""
        removal_id = linked_id(self._keyring, REMOVALS, token)
        user_id = await self._factors.owner_of(removal_id)
        if user_id is None or not await self._users.hold_undeleted(user_id):
            raise LinkInvalid
        factor = await self._factors.lock(user_id)
        if factor is None or factor.removal_id != removal_id:
            raise LinkInvalid
        factor.keep()
        self._tasks.notify(user_id, Notice.REMOVAL_STOPPED)
        self._audit.record(
            SecondFactorAction.SECOND_FACTOR_REMOVAL_STOPPED, self._client, user_id=user_id
        )

    async def _open(self, token: str, purposes: Collection[LinkPurpose]) -> Opened:
        return await self._links.open(linked_id(self._keyring, SIGNING, token), purposes)

    async def _lock(self, opened: Opened) -> User:
        user = await self._users.lock(opened.user_id)
        if user is None:
            raise LinkInvalid
        return user
