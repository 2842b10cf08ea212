"""Removals of lost second factors by staff, after a delay."""

from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import Grounds
from app.db.models.kinds.second_factors import SecondFactorAction
from app.db.models.notices import Notice
from app.db.models.second_factors import Factor, SecondFactor, SecondFactorNotFound
from app.db.repositories.audit import AuditRepository
from app.db.repositories.second_factors import SecondFactorRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.tasks import TaskRepository
from app.postgres.transactions import Transaction
from app.services.staff_acts import StaffActs


class RemovalService:
    """The use cases of removals. Each locks the account first, then its second factor.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._acts = StaffActs(transaction, client)
        self._audit = AuditRepository(transaction)
        self._factors = SecondFactorRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._client = client

    @raises(StaffActs.lock, SecondFactorNotFound)
    async def request(self, caller: Bearer, user_id: UUID, grounds: Grounds) -> None:
        """Schedules the removal of a second factor, and mails its owner a link that stops it.

        A pending request keeps its due time and its link.
        """
        factor = await self._lock(caller, user_id)
        if factor is None:
            raise SecondFactorNotFound
        if factor.request_removal():
            self._tasks.notify(
                user_id,
                Notice.REMOVAL_REQUESTED,
                removal_id=str(factor.removal_id),
                due_at=f"{factor.removal_due_at:%Y-%m-%d %H:%M}",
            )
        self._acts.record(
            SecondFactorAction.SECOND_FACTOR_REMOVAL_REQUESTED, caller, user_id, grounds
        )

    @raises(StaffActs.lock)
    async def cancel(self, caller: Bearer, user_id: UUID, grounds: Grounds | None) -> None:
        """Cancels the removal of a second factor, if one is pending."""
        factor = await self._lock(caller, user_id)
        if factor is not None and factor.keep():
            self._tasks.notify(user_id, Notice.REMOVAL_CANCELLED)
        self._acts.record(
            SecondFactorAction.SECOND_FACTOR_REMOVAL_CANCELLED, caller, user_id, grounds
        )

    async def carry_out(self) -> int:
        """Removes the second factor whose removal is due first, and ends all logins of the account.

        Returns:
            The number of due removals, 0 or 1, without those that another worker has locked.
        """
        user_id = await self._factors.next_due()
        if user_id is None:
            return 0
        factor = await self._factors.lock(user_id)
        if factor is not None and factor.is_due:
            await self._factors.remove(user_id)
            await self._sessions.end_logins(user_id)
            self._tasks.notify(user_id, Notice.SECOND_FACTOR_REMOVED)
            self._audit.record(
                SecondFactorAction.SECOND_FACTOR_REMOVED,
                self._client,
                user_id=user_id,
                factor=Factor.TOTP,
                by="staff's request",
            )
        return 1

    async def _lock(self, caller: Bearer, user_id: UUID) -> SecondFactor | None:
        user = await self._acts.lock(caller, user_id)
        return await self._factors.lock(user.id)
