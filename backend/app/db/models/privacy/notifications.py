"""Personal data of notifications."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.notification_kinds import NotificationKind
from app.db.models.privacy import Holding, Personal, Tier, alike


class NotificationExport(SQLModel):
    """A notification of one's own."""

    position: int
    event_id: UUID
    kind: NotificationKind
    created_at: Moment


class NotificationBoxExport(SQLModel):
    """How far the notifications were read."""

    read_mark: int
    unread: int


HOLDINGS = (
    Holding(
        "notifications",
        "user_id",
        alike(("position",), Personal(Tier.PRIVATE, "notifications of events")),
        others=("user_id", "event_id", "kind", "created_at", "listed", "mail"),
    ),
    Holding(
        "notification_boxes",
        "user_id",
        alike(("read_mark", "unread"), Personal(Tier.PRIVATE, "notifications of events")),
        others=("user_id",),
    ),
)
