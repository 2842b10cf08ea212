"""Personal data of mails of notifications."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.notification_preferences import MailMode
from app.db.models.privacy import Holding, Personal, Tier, alike


class NotificationMailExport(SQLModel):
    """A mail of notifications that waits."""

    mode: MailMode
    due_at: Moment
    first_position: int
    last_position: int


HOLDINGS = (
    Holding(
        "notification_mails",
        "user_id",
        alike(("due_at",), Personal(Tier.PRIVATE, "mails of notifications")),
        others=("user_id", "mode", "first_position", "last_position"),
    ),
)
