"""What is deleted when its time is over."""

from sqlalchemy import DateTime, delete

from app.db.engine import Transaction
from app.db.models.fields import now
from app.db.models.sessions import Session
from app.db.statements import Statement, argument, col

MOMENT = argument("moment", DateTime(timezone=True))

EXPIRED = (Statement(delete(Session).where(col(Session.expires_at) <= MOMENT)),)
"""A statement for each kind of row that nobody needs once it has expired."""


class HousekeepingRepository:
    """All that has expired, for a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def delete_expired(self) -> None:
        """Deletes what has expired by now."""
        for statement in EXPIRED:
            self._transaction.put(statement, moment=now())
