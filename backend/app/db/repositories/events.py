"""The log of events: how they are recorded."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Insert,
    Text,
    Uuid,
    cast,
    func,
    insert,
    select,
)

from app.db.models.events import Event
from app.db.models.kinds import EventKind
from app.db.repositories.base import MOMENT
from app.postgres.statements import argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

ACTOR_ID = argument("actor_id", Uuid())
EVENT_ID = argument("event_id", Uuid())
FIRST_ID = argument("first_id", Uuid())
TIMED = inline(15)
"""The length of the time and the version in the text of a UUIDv7 (RFC 9562, 5.7)."""


def _new_id() -> ColumnElement[Any]:
    """A UUIDv7 with the time of `FIRST_ID`, another one for each row."""
    time = func.left(cast(FIRST_ID, Text), TIMED)
    random = cast(func.gen_random_uuid(), Text)
    return cast(func.overlay(random, time, inline(1), TIMED), Uuid())


def recording(kind: EventKind, changed: CTE, payload: ColumnElement[Any]) -> Insert:
    """A statement that changes rows, and records an event of each.

    Its arguments are also `ACTOR_ID`, `MOMENT` and `FIRST_ID`, a new id.

    Args:
        kind: The kind.
        changed: The changes; they return `id` and `cleaning_id`.
        payload: The further facts.
    """
    values: dict[str, Any] = {
        "id": _new_id(),
        "actor_id": ACTOR_ID,
        "subject": inline(kind.subject),
        "subject_id": changed.c.id,
        "kind": inline(kind.value),
        "cleaning_id": changed.c.cleaning_id,
        "payload": payload,
        "created_at": MOMENT,
    }
    rows = select(*values.values()).select_from(changed)
    return Event.inserting(insert(Event).from_select(list(values), rows), "")


class EventRepository:
    """The log, in a unit of work."""

    _one = RowQuery(select(Event).where(col(Event.id) == EVENT_ID))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def record(
        self,
        actor_id: UUID | None,
        kind: EventKind,
        subject_id: UUID,
        cleaning_id: UUID | None = None,
        **payload: str | int | None,
    ) -> UUID:
        """Records an event of the transaction.

        Args:
            actor_id: The actor; None for the clock, and if it is uncertain.
            kind: The kind, which includes the kind of the subject.
            subject_id: The subject.
            cleaning_id: The job of the subject.
            payload: Further facts for readers of the event.

        Returns:
            The id of the event.

        Raises:
            ValueError: Events of this kind need an actor.
        """
        if actor_id is None and kind not in kind.clock:
            raise ValueError(f"An event {kind.subject} {kind} needs an actor.")
        event = Event(
            actor_id=actor_id,
            subject=kind.subject,
            subject_id=subject_id,
            kind=kind,
            cleaning_id=cleaning_id,
            payload=payload,
        )
        self._transaction.add(event)
        return event.id

    async def find(self, event_id: UUID) -> Event:
        """An event that was recorded."""
        (event,) = await self._transaction.all(self._one, event_id=event_id)
        return event

    def record_within(
        self,
        place: Mapping[str, UUID],
        actor_id: UUID,
        kind: EventKind,
        subject_id: UUID,
        **payload: str | int | None,
    ) -> None:
        """Records an event of a subject that may belong to a job or to another object.

        Args:
            place: The key of the object, such as ``{"cleaning_id": ...}``. Keys of other objects
                than jobs are facts of the event.
            actor_id: The actor.
            kind: The kind, which includes the kind of the subject.
            subject_id: The subject.
            payload: Further facts for readers of the event.
        """
        facts: dict[str, str | int | None] = {
            name: str(key) for name, key in place.items() if name != "cleaning_id"
        }
        cleaning_id = place.get("cleaning_id")
        self.record(actor_id, kind, subject_id, cleaning_id, **(facts | payload))
