"""Personal data of extras: none."""

from app.db.models.privacy import Holding

HOLDINGS = (
    Holding(
        "extras",
        None,
        {},
        others=(
            *("category", "slug", "position", "name", "names", "price", "currency", "minutes"),
        ),
    ),
)
