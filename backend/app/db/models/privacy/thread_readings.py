"""Personal data of readings of threads by staff."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import LOG_KEPT, Holding, Personal, Tier, alike


class ThreadReadingExport(SQLModel):
    """A reading by staff of a thread of the user."""

    cleaning_id: UUID
    cleaner_id: UUID
    reason: str | None = Field(description="Null if it was read because of a report")
    created_at: Moment


READ = alike(
    ("reason", "created_at"),
    Personal(Tier.PARTICIPANT, "proof of who has read messages, and why", LOG_KEPT),
)

HOLDINGS = (
    Holding(
        "thread_readings",
        "owner_id",
        READ,
        others=("id", "staff_id", "cleaning_id", "owner_id", "cleaner_id", "report_id"),
    ),
    Holding("thread_readings", "cleaner_id", READ),
)
