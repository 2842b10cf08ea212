"""Personal data of blocks."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier


class BlockExport(SQLModel):
    """A person whom the user has blocked."""

    blocked_id: UUID
    created_at: Moment


HOLDINGS = (
    Holding(
        "blocks",
        "blocker_id",
        {"created_at": Personal(Tier.PRIVATE, "list of people one has blocked")},
        others=("blocker_id", "blocked_id"),
    ),
    Holding(
        "blocks",
        "blocked_id",
        {"created_at": Personal(Tier.INTERNAL, "refusal of dealings with those who blocked one")},
    ),
)
