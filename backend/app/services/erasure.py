"""Erasure of the personal data of accounts."""

from uuid import UUID

from app.core.clients import Client
from app.db.models.kinds.users import AccountAction, UserEvent
from app.db.models.users import User
from app.db.repositories.audit import AuditRepository
from app.db.repositories.erasure import ErasureRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.profiles import ProfileRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction


class ErasureService:
    """Erases personal data. Rows that other accounts need are kept and anonymised.

    Args:
        transaction: The unit of work.
        client: The origin of the request, if there is one.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._audit = AuditRepository(transaction)
        self._erasure = ErasureRepository(transaction)
        self._events = EventRepository(transaction)
        self._profiles = ProfileRepository(transaction)
        self._users = UserRepository(transaction)
        self._client = client

    async def erase(self, user: User, *, actor_id: UUID | None) -> None:
        """Erases the personal data of an account in all tables.

        Args:
            user: The account, which is locked and has no open jobs, offers or bookings.
            actor_id: The account that requests it; None if the account was never verified.
        """
        self._erasure.erase(user.id)
        profile = await self._profiles.lock(user.id)
        profile.anonymise()
        user.anonymise()
        self._events.record(user.id, UserEvent.DELETED, user.id)
        self._audit.record(
            AccountAction.ACCOUNT_DELETED, self._client, actor_id=actor_id, user_id=user.id
        )

    async def erase_never_verified(self, most: int) -> int:
        """Erases accounts whose email address was not verified in time.

        Args:
            most: The largest number of accounts.

        Returns:
            The number of erased accounts.
        """
        users = await self._users.lock_never_verified(most)
        for user in users:
            await self.erase(user, actor_id=None)
        return len(users)
