"""Erasure: deletes the personal data of an account. The register says what is kept, and why."""

from uuid import UUID

from app.db.models.fields import now
from app.db.repositories.privacy import declared
from app.postgres.statements import Statement
from app.postgres.transactions import Transaction

STATEMENTS = tuple(Statement(statement) for privacy in declared() for statement in privacy.erase)
"""What erases all that belongs to an account. Its own row and its profile erase themselves."""


class ErasureRepository:
    """Erases personal data, in a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def erase(self, user_id: UUID) -> None:
        """Erases what belongs to an account, apart from the account and its profile."""
        for statement in STATEMENTS:
            self._transaction.put(statement, user_id=user_id, moment=now())
