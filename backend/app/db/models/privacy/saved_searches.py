"""Personal data of saved searches."""

from uuid import UUID

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.saved_searches import FILTERS, SavedSearchFilters


class SavedSearchExport(SavedSearchFilters):
    """A saved search."""

    id: UUID
    name: str | None
    created_at: Moment


SEARCH = Personal(Tier.INTERNAL, "search for new jobs")

HOLDINGS = (
    Holding(
        "saved_searches",
        "user_id",
        {
            **alike(("name", *FILTERS), Personal(Tier.PRIVATE, "list of own saved searches")),
            **alike(("area_key", "queries"), SEARCH),
        },
        others=("id", "user_id", "version", "created_at", "updated_at"),
    ),
    Holding("saved_search_keys", None, {"key": SEARCH}, others=("search_id",)),
)
