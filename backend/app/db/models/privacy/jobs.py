"""Personal data of jobs."""

from app.db.models.jobs import FAILED_FOR
from app.db.models.privacy import Holding, Personal, Tier

HOLDINGS = (
    Holding(
        "jobs",
        None,
        {"payload": Personal(Tier.INTERNAL, "outgoing mail")},
        others=("id", "kind", "attempts", "due_at", "error", "failed_at", "created_at"),
        until=f"it is done, or {FAILED_FOR.days} days after it has failed for good",
    ),
)
