"""Reads of the outbox: whether events wait, how many, and for how long."""

from typing import NamedTuple

from sqlalchemy import Float, cast, exists, extract, func, or_, select

from app.db.models.events import Event
from app.db.models.stream import STANDING, Head, Pending
from app.postgres.statements import Source, Statement, col, inline

MOST_PENDING = 10_000
"""The largest number of waiting events that is counted."""


class Backlog(NamedTuple):
    """The events that are not in the stream yet.

    Args:
        events: Their number, up to `MOST_PENDING`.
        age: For how many seconds the first of them has existed.
    """

    events: int
    age: float


def _backlog() -> Statement:
    some = select(col(Pending.event_id)).limit(inline(MOST_PENDING)).subquery()
    number = select(func.count()).select_from(some).scalar_subquery()
    first = select(col(Pending.event_id)).order_by(col(Pending.event_id)).limit(inline(1))
    seconds = cast(extract("epoch", func.now() - col(Event.created_at)), Float)
    age = select(seconds).where(col(Event.id) == first.scalar_subquery()).scalar_subquery()
    # The clocks of servers may be ahead of that of the database.
    return Statement(select(number, func.greatest(func.coalesce(age, inline(0)), inline(0))))


class OutboxReader:
    """Reads of the outbox."""

    _backlog = _backlog()
    _waiting = Statement(
        select(
            or_(
                exists(select(col(Pending.event_id))),
                ~exists().where(col(Head.name) == inline(STANDING)),
            )
        )
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def is_waiting(self) -> bool:
        """Whether there are events to be entered into the stream."""
        ((waiting,),) = await self._waiting.fetch(self._source)
        return bool(waiting)

    async def backlog(self) -> Backlog:
        """The number of waiting events, and the age of the first."""
        (row,) = await self._backlog.fetch(self._source)
        return Backlog(*row)
