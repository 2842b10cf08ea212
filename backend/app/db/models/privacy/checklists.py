"""Personal data of checklists: none. Their copies belong to bookings."""

from app.db.models.privacy import Holding

HOLDINGS = (
    Holding("checklist_items", None, {}, others=("category", "code", "position", "text", "texts")),
)
