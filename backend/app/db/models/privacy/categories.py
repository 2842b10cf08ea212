"""Personal data of categories: none."""

from app.db.models.privacy import Holding

HOLDINGS = (
    Holding(
        "categories",
        None,
        {},
        others=(
            *("id", "parent_id", "parent_tier", "tier", "slug", "name", "names", "position"),
            *("active", "version", "created_at", "updated_at"),
        ),
    ),
    Holding("category_counts", None, {}, others=("category", "jobs", "packages")),
    Holding("category_deltas", None, {}, others=("id", "category", "owner_id", "jobs", "packages")),
)
