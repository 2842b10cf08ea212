"""Preferences of notifications: changing them, and stopping mail by its link."""

from uuid import UUID

from app.core.clients import Client
from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.security.keys import Keyring
from app.core.versions import ExpectedVersion
from app.db.models.kinds.notification_preferences import NotificationPreferencesAction
from app.db.models.notification_preferences import (
    NotificationPreferencesUpdate,
    UnsubscribeLinkInvalid,
)
from app.db.models.users import User
from app.db.repositories.audit import AuditRepository
from app.db.repositories.notification_preferences import NotificationPreferencesRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards

PURPOSE = "unsubscribing"


def unsubscribe_token(keyring: Keyring, user_id: UUID) -> str:
    """The token in the mails to a user. It does not expire: mails are kept for years."""
    return keyring.sign(PURPOSE, user_id.bytes)


@raises(UnsubscribeLinkInvalid)
def demand_token(keyring: Keyring, token: str) -> UUID:
    """The user whose mails have a token in their links."""
    try:
        return UUID(bytes=keyring.unsign(PURPOSE, token))
    except ValueError as error:
        raise UnsubscribeLinkInvalid from error


class NotificationPreferencesService:
    """The use cases of the preferences of notifications.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The keys.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._audit = AuditRepository(transaction)
        self._preferences = NotificationPreferencesRepository(transaction)
        self._users = UserRepository(transaction)
        self._client, self._keyring = client, safeguards.keyring

    @raises(PreconditionFailed)
    async def edit(
        self, caller: User, changes: NotificationPreferencesUpdate, expected: ExpectedVersion
    ) -> None:
        """Changes the preferences of the caller, whose account is locked."""
        preferences = await self._preferences.lock(caller.id)
        expected.demand(preferences.version)
        if preferences.edit(changes):
            self._preferences.save(preferences)
            action = NotificationPreferencesAction.PREFERENCES_CHANGED
            self._audit.record(action, self._client, actor_id=caller.id)

    @raises(UnsubscribeLinkInvalid)
    async def unsubscribe(self, token: str) -> None:
        """Stops all mails of notifications that can be stopped, by the token in one of them.

        Accounts that can't be used get none anyway.
        """
        user = await self._users.lock(demand_token(self._keyring, token))
        if user is None:
            return
        preferences = await self._preferences.lock(user.id)
        if preferences.stop_mail():
            self._preferences.save(preferences)
            action = NotificationPreferencesAction.UNSUBSCRIBED
            self._audit.record(action, self._client, user_id=user.id)
