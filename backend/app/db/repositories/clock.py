"""The queries of the clock: jobs and bookings for which the time has come."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    Select,
    Uuid,
    and_,
    any_,
    cast,
    extract,
    func,
    select,
)

from app.db.models.bookings import UNREPORTED_FOR, Booking
from app.db.models.cleanings import Cleaning
from app.db.models.fields import now
from app.db.models.orders import Order
from app.db.models.states.bookings import BookingStatus
from app.db.models.states.cleanings import CleaningStatus
from app.db.repositories.base import MOMENT
from app.db.repositories.order_locks import DUE
from app.postgres.statements import Rows, Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

AT_ONCE = 50
"""How many jobs are locked at once, so that it does not take long."""

CLEANING_IDS: Any = argument("cleaning_ids", ARRAY(Uuid()))
IS_KEPT = col(Cleaning.deleted_at).is_(None)
IS_SCHEDULED = col(Booking.status) == inline(BookingStatus.SCHEDULED)

OVERDUE = (
    select(Cleaning)
    .where(
        col(Cleaning.status) == inline(CleaningStatus.OPEN),
        col(Cleaning.starts_at) <= MOMENT,
        IS_KEPT,
    )
    .order_by(col(Cleaning.starts_at))
)
REPORTED = (
    select(Cleaning)
    .join(Booking, col(Booking.cleaning_id) == Cleaning.id)
    .where(col(Booking.completes_at) <= MOMENT)
    .order_by(col(Booking.completes_at))
)
FORGOTTEN = (
    select(Cleaning)
    .join(Booking, and_(col(Booking.cleaning_id) == Cleaning.id, IS_SCHEDULED))
    .where(
        col(Cleaning.status) == inline(CleaningStatus.BOOKED),
        col(Cleaning.starts_at) <= MOMENT - UNREPORTED_FOR,
        col(Booking.reported_at).is_(None),
        IS_KEPT,
    )
    .order_by(col(Cleaning.starts_at))
)


def _lock(due: Select[Cleaning]) -> RowQuery[Cleaning]:
    """Locks some of the jobs, but for those in use: these are looked at again a little later."""
    return RowQuery(
        due.limit(inline(AT_ONCE)).with_for_update(key_share=True, skip_locked=True, of=Cleaning)
    )


class ClockRepository:
    """The jobs for which the time has come, in a unit of work. All methods lock some of them."""

    _overdue, _reported, _forgotten = map(_lock, (OVERDUE, REPORTED, FORGOTTEN))
    _bookings = RowQuery(
        select(Booking).where(col(Booking.cleaning_id) == any_(CLEANING_IDS), IS_SCHEDULED)
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock_overdue(self) -> Sequence[Cleaning]:
        """Open jobs whose start has passed."""
        return await self._transaction.all(self._overdue, moment=now())

    async def lock_reported(self) -> Sequence[Cleaning]:
        """Jobs whose work was reported done, and whose owner's time for an answer is over."""
        return await self._transaction.all(self._reported, moment=now())

    async def lock_forgotten(self) -> Sequence[Cleaning]:
        """Jobs whose booking began long ago, and was neither reported nor answered."""
        return await self._transaction.all(self._forgotten, moment=now())

    async def bookings_of(self, cleaning_ids: Sequence[UUID]) -> Sequence[Booking]:
        """The scheduled bookings of jobs, as they are now that the jobs are locked."""
        return await self._transaction.all(self._bookings, cleaning_ids=list(cleaning_ids))


def _first(due: Rows, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """When the first of the rows was due."""
    first = due.with_only_columns(moment, maintain_column_froms=True).limit(inline(1))
    return first.scalar_subquery()


class ClockReader:
    """What is left to the clock, to be looked at."""

    _since = func.least(
        _first(OVERDUE, col(Cleaning.starts_at)),
        _first(REPORTED, col(Booking.completes_at)),
        _first(FORGOTTEN, col(Cleaning.starts_at) + UNREPORTED_FOR),
        _first(DUE, col(Order.expires_at)),
    )
    _late = Statement(
        select(func.coalesce(cast(extract("epoch", MOMENT - _since), Float()), inline(0)))
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def late(self) -> float:
        """For how many seconds the first job, booking or order that is due has waited."""
        (row,) = await self._late.fetch(self._source, moment=now())
        return float(row[0])
