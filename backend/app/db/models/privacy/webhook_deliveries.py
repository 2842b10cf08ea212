"""Personal data of deliveries: none. They name events by their ids."""

from app.db.models.privacy import Holding

HOLDINGS = (
    Holding(
        "webhook_deliveries",
        None,
        {},
        others=(
            *("endpoint_id", "position", "event_id", "version", "created_at", "requested_at"),
            *("attempts", "attempted_at", "status", "failure", "delivered_at"),
        ),
    ),
)
