"""Personal data of throttles."""

from app.db.models.privacy import Holding, Personal, Tier

HOLDINGS = (
    Holding(
        "throttles",
        None,
        {
            "key": Personal(
                Tier.INTERNAL, "to count tries, of a name or address that nobody can read"
            )
        },
        others=("count", "resets_at"),
        until="its time has passed, which is a day at the most",
    ),
)
