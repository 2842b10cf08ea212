"""What is deleted when its time is over."""

from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, DateTime, delete, select, tuple_

from app.db.models.fields import now
from app.db.models.freed_usernames import FreedUsername
from app.db.models.idempotency_keys import IdempotencyKey
from app.db.models.jobs import FAILED_FOR, Job
from app.db.models.known_devices import KnownDevice
from app.db.models.links import Link
from app.db.models.sessions import REMEMBERED_FOR, KnownAddress, Session
from app.db.models.throttles import Throttle
from app.postgres.rows import Row
from app.postgres.statements import Statement, argument, col, inline
from app.postgres.transactions import Transaction

AT_ONCE = 1000
"""How many rows of a kind are deleted at once, so that it does not take long."""

MOMENT = argument("moment", DateTime(timezone=True))


def deleting(model: type[Row], condition: ColumnElement[Any]) -> Statement:
    """Deletes rows of a kind, but for those in use: nobody waits for this, nor this for anybody."""
    keys = sqlalchemy.inspect(model, raiseerr=True).primary_key
    some = select(*keys).where(condition).limit(inline(AT_ONCE)).with_for_update(skip_locked=True)
    return Statement(delete(model).where(tuple_(*keys).in_(some)).returning(inline(1)))


EXPIRED = (
    deleting(Session, col(Session.expires_at) <= MOMENT),
    deleting(KnownAddress, col(KnownAddress.used_at) <= MOMENT - REMEMBERED_FOR),
    deleting(KnownDevice, col(KnownDevice.used_at) <= MOMENT - REMEMBERED_FOR),
    deleting(Link, col(Link.expires_at) <= MOMENT),
    deleting(Throttle, col(Throttle.resets_at) <= MOMENT),
    deleting(FreedUsername, col(FreedUsername.ends_at) <= MOMENT),
    deleting(IdempotencyKey, col(IdempotencyKey.expires_at) <= MOMENT),
    deleting(Job, col(Job.failed_at) <= MOMENT - FAILED_FOR),
)
"""A statement for each kind of row that nobody needs once it has expired."""


class HousekeepingRepository:
    """All that has expired, for a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def delete_expired(self) -> int:
        """Deletes some of what has expired by now; returns how many rows."""
        moment = now()
        deleted = [await it.fetch(self._transaction, moment=moment) for it in EXPIRED]
        return sum(map(len, deleted))
