"""Checks of the stream."""

from typing import Any

from sqlalchemy import func, select, union_all

from app.db.doctor.check import Check
from app.db.models.events import Event
from app.db.models.stream import STANDING, STREAM, Head, Pending, Streamed
from app.postgres.statements import col

POSITION = col(Streamed.position)


def _gaps() -> Any:
    before = func.lag(POSITION, 1, 0).over(order_by=POSITION)
    positions = select(POSITION, before.label("before")).subquery()
    return select(positions.c.position).where(positions.c.position != positions.c.before + 1)


def _misplaced_heads() -> Any:
    last = select(func.coalesce(func.max(POSITION), 0)).scalar_subquery()
    ends = select(func.max(col(Head.position)).label("position")).where(col(Head.name) == STREAM)
    end = ends.subquery()
    return union_all(
        select(last).select_from(end).where(func.coalesce(end.c.position, 0) != last),
        select(col(Head.position)).where(col(Head.name) == STANDING, col(Head.position) > last),
    )


def _in_neither_or_both() -> Any:
    pending, streamed = col(Pending.event_id), col(Streamed.event_id)
    return (
        select(col(Event.id))
        .outerjoin(Pending, pending == Event.id)
        .outerjoin(Streamed, streamed == Event.id)
        .where(pending.is_(None) == streamed.is_(None))
    )


def _without_event() -> Any:
    return union_all(
        *(
            select(col(table.event_id))
            .outerjoin(Event, col(Event.id) == table.event_id)
            .where(col(Event.id).is_(None))
            for table in (Pending, Streamed)
        )
    )


CHECKS = (
    Check("stream_dense", "The positions of the stream begin with 1 and have no gaps.", _gaps()),
    Check(
        "stream_heads",
        "The head of the stream is its last position, and no head lies beyond it.",
        _misplaced_heads(),
    ),
    Check(
        "stream_complete",
        "Each event is either in the stream or in the outbox.",
        _in_neither_or_both(),
    ),
    Check(
        "stream_events",
        "The stream and the outbox have existing events only.",
        _without_event(),
    ),
)
