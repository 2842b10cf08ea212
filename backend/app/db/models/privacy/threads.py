"""Personal data of threads."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.order_shapes import Party
from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.privacy.questions import PLACE_KEPT


class ThreadExport(SQLModel):
    """How far the messages of a thread were read."""

    cleaning_id: UUID
    role: Party
    read_mark: int
    unread: int


READ = Personal(Tier.PRIVATE, "how far messages were read", PLACE_KEPT)

HOLDINGS = (
    Holding(
        "threads",
        "owner_id",
        alike(("owner_read", "owner_unread"), READ),
        others=(
            *("cleaning_id", "cleaner_id", "seller_id", "offerer_id", "id", "owner_id"),
            *("messages", "sent_at"),
        ),
    ),
    Holding("threads", "cleaner_id", alike(("cleaner_read", "cleaner_unread"), READ)),
)
