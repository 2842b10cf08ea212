"""What is deleted when its time is over."""

from sqlalchemy import DateTime, delete, select

from app.db.engine import Transaction
from app.db.models.fields import now
from app.db.models.idempotency_keys import IdempotencyKey
from app.db.models.jobs import FAILED_FOR, Job
from app.db.models.links import Link
from app.db.models.sessions import REMEMBERED_FOR, KnownAddress, Session
from app.db.models.throttles import Throttle
from app.db.statements import Statement, argument, col

MOMENT = argument("moment", DateTime(timezone=True))

PASSED = (  # those who count in them are not to wait, nor to be waited for
    select(col(Throttle.key))
    .where(col(Throttle.resets_at) <= MOMENT)
    .with_for_update(skip_locked=True)
)
UNUSED = (  # likewise
    select(col(IdempotencyKey.hash))
    .where(col(IdempotencyKey.expires_at) <= MOMENT)
    .with_for_update(skip_locked=True)
)
EXPIRED = tuple(
    Statement(statement)
    for statement in (
        delete(Session).where(col(Session.expires_at) <= MOMENT),
        delete(KnownAddress).where(col(KnownAddress.used_at) <= MOMENT - REMEMBERED_FOR),
        delete(Link).where(col(Link.expires_at) <= MOMENT),
        delete(Throttle).where(col(Throttle.key).in_(PASSED)),
        delete(IdempotencyKey).where(col(IdempotencyKey.hash).in_(UNUSED)),
        delete(Job).where(col(Job.failed_at) <= MOMENT - FAILED_FOR),
    )
)
"""A statement for each kind of row that nobody needs once it has expired."""


class HousekeepingRepository:
    """All that has expired, for a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def delete_expired(self) -> None:
        """Deletes what has expired by now."""
        for statement in EXPIRED:
            self._transaction.put(statement, moment=now())
