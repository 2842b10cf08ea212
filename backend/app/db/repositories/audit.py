"""The queries of the audit."""

from uuid import UUID

from app.core.clients import Client
from app.db.engine import Transaction
from app.db.models.audit import AuditAction, AuditEntry


class AuditRepository:
    """The audit, for a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def record(
        self,
        action: AuditAction,
        client: Client,
        *,
        actor_id: UUID | None = None,
        user_id: UUID | None = None,
        **details: str,
    ) -> None:
        """Writes down what the transaction does.

        Args:
            action: What is done.
            client: Where the request came from.
            actor_id: Who does it; None if nobody knows.
            user_id: Whom it is done to; the actor if nobody else is named.
            details: What else there is to know. No secrets, nor anything that tells who it was.
        """
        self._transaction.add(
            AuditEntry(
                action=action,
                actor_id=actor_id,
                user_id=user_id or actor_id,
                network=client.network,
                request_id=client.request_id,
                details=details,
            )
        )
