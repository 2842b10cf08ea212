"""Expiry of deliveries."""

from app.db.models.webhook_deliveries import KEPT_FOR, WebhookDelivery
from app.db.repositories.base import MOMENT
from app.db.repositories.privacy import Privacy, deleting_expired
from app.postgres.statements import col

PRIVACY = Privacy(
    expire=(
        deleting_expired(WebhookDelivery, col(WebhookDelivery.created_at) <= MOMENT - KEPT_FOR),
    )
)
