"""The queries of suppressions."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.core.names import email_key
from app.db.models.fields import now
from app.db.models.suppressions import Suppression
from app.db.models.users import User
from app.db.repositories.base import HAS_ADDRESS, USER_ID
from app.postgres.statements import Statement, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction


def is_suppressed(user_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an account gets no mail of notifications."""
    return select(Suppression).where(col(Suppression.user_id) == user_id).exists()


class SuppressionRepository:
    """The suppressions, in a unit of work."""

    # The lock excludes a change of the address at the same time, which would end the suppression.
    _holding = (
        select(col(User.id), argument("created_at", DateTime(timezone=True)))
        .where(*HAS_ADDRESS)
        .with_for_update(read=True, of=User)
    )
    _suppressing = Statement(
        insert(Suppression)
        .from_select(["user_id", "created_at"], _holding)
        .on_conflict_do_nothing(index_elements=["user_id"])
    )
    _ending = Statement(delete(Suppression).where(col(Suppression.user_id) == USER_ID))
    _holder = RowQuery(select(User).where(*HAS_ADDRESS, is_suppressed(col(User.id))))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def suppress(self, email: str) -> None:
        """Suppresses the account that has an address, if there is one."""
        self._transaction.put(self._suppressing, email_key=email_key(email), created_at=now())

    def end(self, user_id: UUID) -> None:
        """Ends the suppression of an account, whose address was confirmed or replaced."""
        self._transaction.put(self._ending, user_id=user_id)

    async def holder(self, email: str) -> User | None:
        """The account that has an address, if it is suppressed."""
        return await self._transaction.one(self._holder, email_key=email_key(email))
