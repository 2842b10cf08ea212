"""Personal data of freed usernames."""

from app.db.models.freed_usernames import KEPT_FREE_FOR
from app.db.models.privacy import Holding, Personal, Tier

HOLDINGS = (
    Holding(
        "freed_usernames",
        "user_id",
        {
            "name_hash": Personal(
                Tier.INTERNAL,
                "protection against impersonation",
                f"for {KEPT_FREE_FOR.days} days after the release of the username",
            )
        },
        others=("user_id", "ends_at"),
    ),
)
