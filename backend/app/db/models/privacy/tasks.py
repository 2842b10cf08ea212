"""Personal data of background tasks."""

from app.db.models.privacy import Holding, Personal, Tier
from app.db.models.tasks import FAILED_FOR

HOLDINGS = (
    Holding("task_schedules", None, {}, others=("kind", "cron", "due_at", "task_id")),
    Holding(
        "tasks",
        None,
        {"payload": Personal(Tier.INTERNAL, "outgoing mail")},
        others=(
            "id",
            "kind",
            "attempts",
            "due_at",
            "leased_until",
            "error",
            "failed_at",
            "created_at",
        ),
        until=f"it is done, or {FAILED_FOR.days} days after it has failed",
    ),
)
