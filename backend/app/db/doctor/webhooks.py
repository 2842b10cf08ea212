"""Checks of webhooks."""

from typing import Any

from sqlalchemy import String, case, func, select, true

from app.db.doctor.check import Check
from app.db.models.api_keys import ApiKey
from app.db.models.webhook_audiences import SCOPES
from app.db.models.webhooks import MOST_PER_ACCOUNT, WebhookEndpoint
from app.postgres.statements import col


def _types() -> Any:
    """The types of events of a webhook, one in each row."""
    types = func.unnest(col(WebhookEndpoint.events)).table_valued("type", name="types")
    return types.render_derived().lateral()


def _unknown() -> Any:
    types = _types()
    return (
        select(col(WebhookEndpoint.id)).join(types, true()).where(types.c.type.not_in(list(SCOPES)))
    )


def _beyond_keys() -> Any:
    """Types that the key of a webhook can't read; null scopes are those of none."""
    types = _types()
    needed = case(
        {name: str(scope) for name, scope in SCOPES.items() if scope},
        value=types.c.type,
        else_=None,
    ).cast(String)
    has_it = needed == func.any(col(ApiKey.scopes))
    return (
        select(col(WebhookEndpoint.id))
        .join(ApiKey, col(ApiKey.id) == WebhookEndpoint.key_id)
        .join(types, true())
        .where(func.coalesce(~has_it, true()))
    )


def _too_many() -> Any:
    return (
        select(col(WebhookEndpoint.user_id))
        .group_by(col(WebhookEndpoint.user_id))
        .having(func.count() > MOST_PER_ACCOUNT)
    )


CHECKS = (
    Check(
        "webhooks_counted",
        f"An account has at most {MOST_PER_ACCOUNT} webhooks.",
        _too_many(),
    ),
    Check("webhooks_events", "The types of events of each webhook are known.", _unknown()),
    Check(
        "webhooks_scopes",
        "A webhook of an API key has types of events only whose subject the key can read.",
        _beyond_keys(),
    ),
)
