"""Checks of deliveries."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, any_, func, select, union_all

from app.db.doctor.check import Check
from app.db.models.events import Event
from app.db.models.stream import Streamed
from app.db.models.webhook_audiences import AUDIENCES, reached
from app.db.models.webhook_deliveries import KEPT_FOR, WebhookDelivery
from app.db.models.webhooks import WebhookEndpoint
from app.postgres.statements import col

OF_ENDPOINT = col(WebhookDelivery.endpoint_id) == WebhookEndpoint.id
MARGIN = timedelta(minutes=1)
"""The longest time between the change of a webhook and the end of its transaction."""


def _passed_over() -> Any:
    """Deliveries that come before the last one that was received, but were not."""
    return (
        select(col(WebhookDelivery.position))
        .join(WebhookEndpoint, OF_ENDPOINT)
        .where(
            col(WebhookDelivery.position) > 0,
            col(WebhookDelivery.position) <= WebhookEndpoint.position,
            col(WebhookDelivery.delivered_at).is_(None),
        )
    )


def _never_due() -> Any:
    """Webhooks that wait for nothing, although events wait for them."""
    return (
        select(col(WebhookEndpoint.id))
        .join(WebhookDelivery, OF_ENDPOINT)
        .where(
            col(WebhookDelivery.position) > WebhookEndpoint.position,
            col(WebhookEndpoint.due_at).is_(None),
            col(WebhookEndpoint.disabled_at).is_(None),
        )
    )


def _missing() -> Any:
    """Events that the owner of a webhook owns, since it was changed last, without a delivery."""
    owned = union_all(*(reached(it, it.parties[0]) for it in AUDIENCES)).subquery("owned")
    return (
        select(owned.c.position)
        .join(Streamed, col(Streamed.position) == owned.c.position)
        .join(Event, col(Event.id) == Streamed.event_id)
        .join(
            WebhookEndpoint,
            and_(
                col(WebhookEndpoint.user_id) == owned.c.user_id,
                owned.c.type == any_(col(WebhookEndpoint.events)),
            ),
        )
        .outerjoin(
            WebhookDelivery,
            and_(OF_ENDPOINT, col(WebhookDelivery.position) == owned.c.position),
        )
        .where(
            col(WebhookEndpoint.disabled_at).is_(None),
            col(Event.created_at) > col(WebhookEndpoint.updated_at) + MARGIN,
            col(Event.created_at) > func.now() - KEPT_FOR + MARGIN,
            col(WebhookDelivery.position).is_(None),
        )
    )


CHECKS = (
    Check(
        "deliveries_in_order",
        "Each event before the last one that a webhook has received was received.",
        _passed_over(),
    ),
    Check("deliveries_due", "Webhooks with events that wait are due.", _never_due()),
    Check(
        "deliveries_complete",
        "Each event is delivered to the webhooks of the user that its subject belongs to.",
        _missing(),
    ),
)
