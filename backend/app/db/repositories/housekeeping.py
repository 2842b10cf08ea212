"""Housekeeping: deletes expired rows."""

from app.db.models.fields import now
from app.db.repositories.privacy import declared
from app.postgres.transactions import Transaction

EXPIRED = tuple(statement for privacy in declared() for statement in privacy.expire)
"""A statement for each kind of row that expires."""


class HousekeepingRepository:
    """Deletes expired rows, in a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def delete_expired(self) -> int:
        """Deletes some of the rows that have expired by now; returns how many."""
        moment = now()
        deleted = [await it.fetch(self._transaction, moment=moment) for it in EXPIRED]
        return sum(map(len, deleted))
