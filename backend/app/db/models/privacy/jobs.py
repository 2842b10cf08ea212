"""Personal data of the queue of the release before."""

from app.db.models.privacy import Holding, Personal, Tier

HOLDINGS = (
    Holding(
        "jobs",
        None,
        {"payload": Personal(Tier.INTERNAL, "outgoing mail")},
        others=("id", "kind", "attempts", "due_at", "error", "failed_at", "created_at"),
        until="it is moved to the table `tasks`, when it is due or has failed",
    ),
)
