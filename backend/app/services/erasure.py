"""How it is forgotten who somebody was."""

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
    """Erases all that is personal; what others need of their dealings with somebody stays.

    Args:
        transaction: The unit of work.
        client: Where the request comes from, if anybody asks for it.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._audit = AuditRepository(transaction)
        self._erasure = ErasureRepository(transaction)
        self._events = EventRepository(transaction)
        self._profiles = ProfileRepository(transaction)
        self._users = UserRepository(transaction)
        self._client = client

    async def erase(self, user: User, *, actor_id: UUID | None) -> None:
        """Erases who somebody was, wherever they have left it.

        Args:
            user: Their account, which is locked, and has nothing under way.
            actor_id: Who wants it; None if its time is over.
        """
        self._erasure.erase(user.id)
        profile = await self._profiles.lock(user)
        profile.anonymise()
        user.anonymise()
        self._events.record(user.id, UserEvent.DELETED, user.id)
        self._audit.record(
            AccountAction.ACCOUNT_DELETED, self._client, actor_id=actor_id, user_id=user.id
        )

    async def erase_never_verified(self, most: int) -> int:
        """Erases accounts whose address nobody has verified in time.

        Args:
            most: How many at once.

        Returns:
            How many there were.
        """
        users = await self._users.lock_never_verified(most)
        for user in users:
            await self.erase(user, actor_id=None)
        return len(users)
