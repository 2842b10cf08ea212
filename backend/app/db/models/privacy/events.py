"""Personal data of events."""

from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.kinds import EventKind, Subject
from app.db.models.privacy import LOG_KEPT, Holding, Personal, Tier, alike


class EventExport(SQLModel):
    """An event caused by the user."""

    id: UUID
    subject: Subject
    subject_id: UUID
    kind: EventKind
    cleaning_id: UUID | None
    payload: dict[str, Any]
    created_at: Moment


HOLDINGS = (
    Holding(
        "events",
        "actor_id",
        {
            **alike(
                ("subject", "kind", "created_at"),
                Personal(Tier.PUBLIC, "record of actions", LOG_KEPT),
            ),
            "payload": Personal(Tier.PRIVATE, "record of actions", LOG_KEPT),
        },
        others=("id", "actor_id", "subject_id", "cleaning_id"),
    ),
)
