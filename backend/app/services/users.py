"""Accounts: registration, changes and deletion."""

from datetime import datetime
from typing import Any

from app.core.clients import Client
from app.core.errors import PreconditionFailed, TooManyRequests
from app.core.names import text_key
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.kinds.links import LinkTask
from app.db.models.kinds.notices import SecurityEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.users import AccountAction, UserEvent
from app.db.models.links import LinkPurpose
from app.db.models.notices import Notice
from app.db.models.profiles import Profile
from app.db.models.sessions import StepUpNeeded
from app.db.models.usernames import (
    TooManyUsernames,
    UsernameReserved,
    UsernameTaken,
    demand_unreserved,
)
from app.db.models.users import (
    AccountInUse,
    EmailTaken,
    User,
    UserCreate,
    UserUpdate,
    WrongPassword,
    demand_no_names,
)
from app.db.repositories.audit import AuditRepository
from app.db.repositories.bookings import BookingRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.credentials import Access, CredentialsReader
from app.db.repositories.events import EventRepository
from app.db.repositories.freed_usernames import FreedUsernameRepository
from app.db.repositories.links import LinkRepository
from app.db.repositories.offers import OfferRepository
from app.db.repositories.profiles import ProfileRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.suppressions import SuppressionRepository
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.users import UserRepository
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.cleanings import CleaningService
from app.services.erasure import ErasureService
from app.services.order_ends import OrderEnds
from app.services.packages import PackageService
from app.services.password_checks import PasswordChecks
from app.services.safeguards import Safeguards

CHANGES = {
    "email": AccountAction.EMAIL_CHANGED,
    "username": AccountAction.USERNAME_CHANGED,
    "password_hash": AccountAction.PASSWORD_CHANGED,
}


class UserService:
    """The use cases of accounts.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The protection of accounts.
        source: Counts attempts and reads the hash of the current password, outside of the
            transaction, so that no connection is occupied while a password is hashed.
    """

    def __init__(
        self, transaction: Transaction, client: Client, safeguards: Safeguards, source: Source
    ) -> None:
        self._audit = AuditRepository(transaction)
        self._bookings = BookingRepository(transaction)
        self._cleanings = CleaningRepository(transaction)
        self._closing = CleaningService(transaction)
        self._erasure = ErasureService(transaction, client)
        self._events = EventRepository(transaction)
        self._freed = FreedUsernameRepository(transaction, safeguards.keyring)
        self._tasks = TaskRepository(transaction)
        self._links = LinkRepository(transaction)
        self._offers = OfferRepository(transaction)
        self._order_ends = OrderEnds(transaction)
        self._packages = PackageService(transaction)
        self._password_checks = PasswordChecks(transaction, client, safeguards, source)
        self._profiles = ProfileRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._suppressions = SuppressionRepository(transaction)
        self._users = UserRepository(transaction)
        self._credentials = CredentialsReader(source)
        self._throttles = ThrottleRepository(source, safeguards.keyring)
        self._client = client
        self._address_hash = safeguards.keyring.disguise("known addresses", client.site)
        self._passwords = safeguards.passwords
        self._limits = safeguards.limits
        self._lifetimes = safeguards.lifetimes
        self._verifies_emails = safeguards.verifies_emails

    @raises(EmailTaken, UsernameTaken, TooManyRequests)
    async def make(self, draft: UserCreate) -> tuple[User, Profile]:
        """Creates an account and its profile.

        If email addresses must be verified, the account is pending until then. If another account
        has the address, only that account is notified.
        """
        demand_no_names(draft.password, draft.username, draft.email, draft.full_name)
        await self._throttles.take(self._mailing(draft.email))
        password_hash = await self._passwords.hash(draft.password)
        user = User(
            email=draft.email,
            username=draft.username,
            password_hash=password_hash,
            language=draft.language,
        )
        if self._verifies_emails:
            user.await_verification()
            self._tasks.enqueue(LinkTask.VERIFY_EMAIL, {"email": user.email})
        await self._users.add(user)
        await self._freed.demand_free(user.username, user.id)
        profile = Profile(user_id=user.id, full_name=draft.full_name)
        self._profiles.add(profile)
        self._events.record(user.id, UserEvent.CREATED, user.id)
        self._audit.record(AccountAction.ACCOUNT_CREATED, self._client, actor_id=user.id)
        return user, profile

    @raises(make, UsernameReserved)
    async def register(self, draft: UserCreate) -> tuple[User, Profile]:
        """Creates an account and its profile for an anonymous caller."""
        demand_unreserved(draft.username)
        return await self.make(draft)

    @raises(
        EmailTaken,
        UsernameTaken,
        UsernameReserved,
        TooManyUsernames,
        WrongPassword,
        StepUpNeeded,
        PreconditionFailed,
        TooManyRequests,
    )
    async def change(self, caller: Bearer, changes: UserUpdate, expected: ExpectedVersion) -> None:
        """Changes the caller's account; a new password ends all their other sessions.

        If email addresses must be verified, a new one takes effect when the mailed link is opened.
        """
        since = self._lifetimes.recent_since
        values = changes.model_dump(include={"email", "username", "language"}, exclude_unset=True)
        current = await self._admit(caller, since, changes, values)
        if values.keys() - {"language"}:
            user = await self._users.recent_caller(caller, since)
        else:
            user = await self._users.caller_alone(caller)
        expected.demand(user.version)
        if current and user.password_hash != current.password_hash:
            raise self._password_checks.wrong(caller)
        if changes.password is not None:
            profile = await self._profiles.lock(user.id)
            names = user.username, user.email, changes.username, changes.email, profile.full_name
            demand_no_names(changes.password, *names)
            self._links.void(user.id)
            await self._sessions.end_logins(user.id, but=caller.session_id)
            self._tasks.tell_of_password(user.id)
        if values.get("username", user.username) != user.username:
            demand_unreserved(values["username"])
        if values.get("email", user.email) != user.email:
            self._change_email(caller, user, values)
        changed, former = CHANGES.keys() & user.differing(values).keys(), user.username
        if user.take_over(values):
            await self._users.save()
            if text_key(user.username) != text_key(former):
                await self._freed.demand_free(user.username, user.id)
                self._freed.take_back(user.username, user.id)
                self._freed.keep(former, user.id)
                await self._freed.demand_few(user.id)
            self._events.record(user.id, UserEvent.EDITED, user.id)
            for name in changed:
                self._audit.record(CHANGES[name], self._client, actor_id=user.id)
            if "username" in changed:
                self._tasks.notify(user.id, Notice.USERNAME_CHANGED, username=user.username)

    async def _admit(
        self, caller: Bearer, since: datetime, changes: UserUpdate, values: dict[str, Any]
    ) -> Access | None:
        """Checks the current password and counts attempts, before the transaction begins.

        Args:
            caller: The session.
            since: The earliest time of the authentication.
            changes: The content of the request.
            values: The new values of columns. The hash of a new password is added, and an
                unchanged email address removed.

        Returns:
            The credentials of the account, if the current password was checked.
        """
        if changes.password is None and "email" not in values:
            return None
        current = await self._credentials.access(caller, since, self._address_hash)
        if values.get("email") == current.email:
            del values["email"]
        if changes.password is None and "email" not in values:
            return None
        changes.demand_current_password()
        await self._password_checks.demand(caller, changes.current_password, current)
        if changes.password is not None:
            values["password_hash"] = await self._passwords.hash(changes.password)
        if "email" in values:
            await self._throttles.take(self._mailing(values["email"]))
        return current

    def _mailing(self, email: str) -> list[Attempt]:
        """The limits of a request that sends a mail."""
        if self._verifies_emails:
            return Attempt.by_mail(self._limits, email, self._client)
        return Attempt.by_network(self._limits.mails_per_address, self._client)

    def _change_email(self, caller: Bearer, user: User, values: dict[str, Any]) -> None:
        """Starts the verification of a new email address, or notifies the old one of the change.

        Args:
            caller: The session.
            user: The account.
            values: The new values of columns. An email address that must be verified is removed.
        """
        if self._verifies_emails:
            email, purpose = values.pop("email"), LinkPurpose.CHANGE_EMAIL
            link = self._links.add(user.id, purpose, email, caller.session_id)
            self._tasks.enqueue(LinkTask.CHANGE_EMAIL, {"link_id": str(link.id)})
            self._events.record(None, SecurityEvent.EMAIL_CHANGE_REQUESTED, user.id)
        else:
            self._tasks.tell_former_address(user)
            self._suppressions.end(user.id)
            self._links.void(user.id)
            values["email_verified_at"] = None

    @raises(AccountInUse)
    async def delete(self, caller: User) -> None:
        """Ends the open jobs, offers and placed orders of the caller, and erases the account.

        Packages are archived.

        Args:
            caller: The account, which is locked.
        """
        if await self._bookings.live_for(caller.id):
            raise AccountInUse
        await self._order_ends.end_placed_of(caller)
        await self._packages.archive_all(caller.id, caller.id)
        under_way = await self._cleanings.lock_under_way(caller.id)
        posted = [cleaning for cleaning in under_way if cleaning.owner_id == caller.id]
        self._closing.cancel_all(caller, posted)
        for offer in await self._offers.withdraw_pending_of(caller.id):
            self._events.record(caller.id, OfferEvent.WITHDRAWN, offer.id, offer.cleaning_id)
        self._freed.keep(caller.username, None)
        await self._erasure.erase(caller, actor_id=caller.id)
