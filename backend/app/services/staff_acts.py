"""Acts of staff: their rank is checked, and the audit records them with their reason."""

from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import Grounds
from app.db.models.kinds import AuditAction
from app.db.models.users import RankTooLow, User, UserNotFound
from app.db.repositories.administration import AdministrationRepository
from app.db.repositories.audit import AuditRepository
from app.postgres.transactions import Transaction


class StaffActs:
    """Shared steps of the use cases of staff.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._accounts = AdministrationRepository(transaction)
        self._audit = AuditRepository(transaction)
        self._client = client

    @raises(UserNotFound, RankTooLow)
    async def lock(self, caller: Bearer, user_id: UUID) -> User:
        """Locks the caller's account and another, and checks that the other has a lower rank."""
        staff, user = await self._accounts.lock(caller, user_id)
        staff.demand_rank_over(user)
        return user

    def record(
        self,
        action: AuditAction,
        caller: Bearer,
        user_id: UUID,
        grounds: Grounds | None,
        **details: str,
    ) -> None:
        """Adds an entry to the audit.

        Args:
            action: The act.
            caller: Its actor.
            user_id: The account that it concerns.
            grounds: Its reason, if one was given.
            details: Further details of the entry.
        """
        self._audit.record(
            action,
            self._client,
            actor_id=caller.user_id,
            user_id=user_id,
            **(grounds.facts if grounds else {}),
            **details,
        )
