"""Personal data of the stream: none. The events that it numbers have some."""

from app.db.models.privacy import Holding

HOLDINGS = (
    Holding("outbox", None, {}, others=("event_id",)),
    Holding("stream", None, {}, others=("position", "event_id")),
    Holding("heads", None, {}, others=("name", "position")),
)
