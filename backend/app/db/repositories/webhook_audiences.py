"""The statements that add the deliveries of events to the webhooks that get them."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Uuid,
    and_,
    any_,
    cast,
    func,
    null,
    select,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from app.db.models.parties import Party
from app.db.models.stream import Streamed
from app.db.models.webhook_audiences import reached
from app.db.models.webhook_deliveries import WebhookDelivery
from app.db.models.webhook_parties import Audience
from app.db.models.webhooks import WebhookEndpoint
from app.postgres.statements import Rows, Statement, argument, col, inline

POSITIONS: Any = argument("positions", ARRAY(BigInteger()))


def delivering(audience: Audience) -> Statement:
    """Adds the deliveries of events to the webhooks that get them, which are due then."""
    among = col(Streamed.position) == any_(POSITIONS)
    parties = union_all(*(reached(audience, it).where(among) for it in audience.parties)).subquery()
    anyone = reached(audience, Party(cast(null(), Uuid))).where(among).subquery()

    def chosen(rows: Any, whose: ColumnElement[bool]) -> Rows:
        columns = (rows.c.position, rows.c.event_id, rows.c.version)
        return select(col(WebhookEndpoint.id), *columns).where(
            whose,
            rows.c.type == any_(col(WebhookEndpoint.events)),
            col(WebhookEndpoint.disabled_at).is_(None),
        )

    own = and_(col(WebhookEndpoint.user_id) == parties.c.user_id, ~col(WebhookEndpoint.market_wide))
    found = union(chosen(parties, own), chosen(anyone, col(WebhookEndpoint.market_wide))).subquery()
    columns = ["endpoint_id", "position", "event_id", "version", "created_at", "attempts"]
    added = (
        insert(WebhookDelivery)
        .from_select(columns, select(*found.c, func.now(), inline(0)))
        .returning(col(WebhookDelivery.endpoint_id))
        .cte("added")
    )
    return Statement(waking(select(added.c.endpoint_id)))


def waking(endpoint_ids: Rows) -> Any:
    """Has events be due for webhooks, which are locked in the order of their ids."""
    locked = (
        select(col(WebhookEndpoint.id))
        .where(
            col(WebhookEndpoint.id).in_(endpoint_ids), col(WebhookEndpoint.disabled_at).is_(None)
        )
        .order_by(col(WebhookEndpoint.id))
        .with_for_update(key_share=True)
    )
    table: Any = WebhookEndpoint
    return (
        table.__table__.update()
        .where(col(WebhookEndpoint.id).in_(locked))
        .values(due_at=func.coalesce(col(WebhookEndpoint.due_at), func.now()))
    )
