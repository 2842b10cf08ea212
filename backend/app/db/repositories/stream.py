"""The queries that number events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy
from asyncpg import Record
from sqlalchemy import (
    BigInteger,
    Uuid,
    delete,
    exists,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from app.db.models.events import Event
from app.db.models.stream import STANDING, STREAM, Head, Pending, Streamed
from app.postgres.statements import Rows, Statement, argument, col, inline, once
from app.postgres.tables import RowQuery, table_of
from app.postgres.transactions import Transaction

AT_ONCE = 200
"""How many events enter the stream in one transaction, with their consequences."""

STANDING_AT_ONCE = 5_000
"""How many events older than the stream enter it in one transaction: they have no consequences."""

LAST: Any = argument("last", BigInteger())
IS_PENDING = exists().where(col(Pending.event_id) == Event.id)
IS_STREAMED = exists().where(col(Streamed.event_id) == Event.id)


class Entry(NamedTuple):
    """An event as it enters the stream.

    Args:
        position: Its position.
        event: The event.
    """

    position: int
    event: Event


def _entry(row: Record) -> Entry:
    table = table_of(Event)
    values = dict(table.read(row))
    return Entry(values.pop("position"), table.make(values))


def _entering(event_id: Any, source: Any) -> Any:
    """Gives events the positions behind the last one, in the order of their ids."""
    position = LAST + func.row_number().over(order_by=event_id)
    return (
        insert(Streamed)
        .from_select(["position", "event_id"], select(position, event_id).select_from(source))
        .returning(col(Streamed.position), col(Streamed.event_id))
    )


def _entering_pending(most: int) -> Statement:
    first = (
        select(col(Pending.event_id))
        .order_by(col(Pending.event_id))
        .limit(inline(most))
        .with_for_update(skip_locked=True)
    )
    taken = (
        delete(Pending)
        .where(col(Pending.event_id).in_(once(first)))
        .returning(col(Pending.event_id))
        .cte("taken")
    )
    entered = _entering(taken.c.event_id, taken).cte("entered")
    return Statement(
        select(entered.c.position, *sqlalchemy.inspect(Event, raiseerr=True).columns)
        .join(entered, entered.c.event_id == Event.id)
        .order_by(entered.c.position)
    )


def _entering_standing() -> Statement:
    """Enters the events behind the last one: so far, the stream has them in the order of ids."""
    last_id = select(col(Streamed.event_id)).where(col(Streamed.position) == LAST)
    behind = func.coalesce(last_id.scalar_subquery(), inline(str(UUID(int=0))).cast(Uuid()))
    some = (
        select(col(Event.id))
        .where(col(Event.id) > behind, ~IS_PENDING)
        .order_by(col(Event.id))
        .limit(inline(STANDING_AT_ONCE))
        .subquery("some")
    )
    return Statement(_entering(some.c.id, some))


def _collecting() -> Statement:
    since = col(Event.id) >= argument("first", Uuid())
    lost: Rows = select(col(Event.id)).where(since, ~IS_PENDING, ~IS_STREAMED)
    return Statement(insert(Pending).from_select(["event_id"], lost))


def _declaring() -> Statement:
    # Where the head exists, a conflict would wait for the worker that has locked it.
    missing = ~exists().where(col(Head.name) == inline(STREAM))
    head = select(inline(STREAM), inline(0)).where(missing)
    return Statement(insert(Head).from_select(["name", "position"], head).on_conflict_do_nothing())


def _locking_head(*, skip_locked: bool) -> RowQuery[Head]:
    return RowQuery(
        select(Head)
        .where(col(Head.name) == inline(STREAM))
        .with_for_update(skip_locked=skip_locked)
    )


class StreamRepository:
    """The stream, in a unit of work that extends it."""

    _locking = _locking_head(skip_locked=True)
    _waiting = _locking_head(skip_locked=False)
    _standing = RowQuery(select(Head).where(col(Head.name) == inline(STANDING)))
    _declaring = _declaring()
    _entering_first, _entering_pending = _entering_pending(1), _entering_pending(AT_ONCE)
    _entering_standing = _entering_standing()
    _collecting = _collecting()

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self) -> Head | None:
        """The head of the stream, locked until the end of the transaction.

        Returns:
            None if another worker has locked it, or if it was never declared.
        """
        return await self._transaction.one(self._locking)

    async def has_standing(self) -> bool:
        """Whether all events that are older than the stream are in it."""
        return await self._transaction.one(self._standing) is not None

    def declare(self) -> None:
        """Stores the head of an empty stream, unless there is one."""
        self._transaction.put(self._declaring)

    async def enter_pending(self, head: Head, *, singly: bool) -> Sequence[Entry]:
        """Moves up to `AT_ONCE` events from the outbox into the stream.

        Args:
            head: The head of the stream, which is locked.
            singly: Whether only the first one is moved.

        Returns:
            The events, in the order of their positions.
        """
        entering = self._entering_first if singly else self._entering_pending
        rows = await entering.fetch(self._transaction, last=head.position)
        if rows:
            head.position += len(rows)
        return [_entry(row) for row in rows]

    async def enter_standing(self, head: Head) -> int:
        """Enters up to `STANDING_AT_ONCE` events that are older than the stream.

        The last of them stores the head `STANDING`.

        Args:
            head: The head of the stream, which is locked.

        Returns:
            The number of the events.
        """
        rows = await self._entering_standing.fetch(self._transaction, last=head.position)
        head.position += len(rows)
        if len(rows) < STANDING_AT_ONCE:
            self._transaction.add(Head(name=STANDING, position=head.position))
        return len(rows)

    async def collect(self, since: datetime) -> None:
        """Adds events to the outbox that are neither there nor in the stream.

        Servers of the previous release write such events. Nothing is done before all events that
        are older than the stream are in it.

        Args:
            since: The time from which on they were recorded.
        """
        await self._transaction.one(self._waiting)
        if await self.has_standing():
            first = UUID(int=int(since.timestamp() * 1000) << 80)  # UUIDv7: RFC 9562, 5.7
            self._transaction.put(self._collecting, first=first)
