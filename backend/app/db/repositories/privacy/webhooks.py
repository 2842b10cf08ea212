"""Export and erasure of webhooks."""

from sqlalchemy import delete

from app.db.models.privacy.webhooks import WebhookExport
from app.db.models.webhooks import WebhookEndpoint
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

WEBHOOKS = Part(
    source=WebhookEndpoint,
    item=json_object(WebhookExport, WebhookEndpoint),
    key=col(WebhookEndpoint.id),
    own=col(WebhookEndpoint.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("webhooks", WebhookExport, (WEBHOOKS,)),),
    erase=(delete(WebhookEndpoint).where(col(WebhookEndpoint.user_id) == USER_ID),),
)
"""Deliveries are erased with their webhooks."""
