"""Personal data of throttles."""

from app.db.models.privacy import Holding, Personal, Tier

HOLDINGS = (
    Holding(
        "throttles",
        None,
        {"key": Personal(Tier.INTERNAL, "rate limits, by keyed hashes of names and addresses")},
        others=("count", "resets_at"),
        until="its window ends, after a day at most",
    ),
)
