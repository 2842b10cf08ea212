"""Personal data of the preferences of notifications."""

from typing import Any

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike


class NotificationPreferencesExport(SQLModel):
    """The preferences of notifications that differ from the defaults."""

    app: dict[str, Any]
    mail: dict[str, Any]
    time_zone: str | None
    quiet_from: str | None
    quiet_until: str | None
    digest_hour: int
    updated_at: Moment


HOLDINGS = (
    Holding(
        "notification_preferences",
        "user_id",
        alike(
            ("app", "mail", "time_zone", "quiet_from", "quiet_until", "digest_hour"),
            Personal(Tier.PRIVATE, "choice of notifications and their times"),
        ),
        others=("user_id", "version", "created_at", "updated_at"),
    ),
)
