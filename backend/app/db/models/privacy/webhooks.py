"""Personal data of webhooks."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.webhooks import EventType


class WebhookExport(SQLModel):
    """A webhook."""

    id: UUID
    url: str
    events: list[EventType]
    market_wide: bool
    created_at: Moment


HOLDINGS = (
    Holding(
        "webhook_endpoints",
        "user_id",
        {
            **alike(("url", "events"), Personal(Tier.PRIVATE, "list of own webhooks")),
            **alike(
                ("secret", "previous_secret"), Personal(Tier.INTERNAL, "signatures of messages")
            ),
        },
        others=(
            *("id", "user_id", "key_id", "market_wide", "previous_until", "position", "due_at"),
            *("leased_until", "attempts", "slow", "slow_at", "failing_since", "url_set_in"),
            *("disabled_at", "disabled_reason", "version", "created_at", "updated_at"),
        ),
    ),
)
