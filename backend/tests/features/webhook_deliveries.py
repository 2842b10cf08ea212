"""Deliveries of webhooks, as the tests that hold for all features see them."""

from uuid import uuid4

from app.db.models.webhook_deliveries import KEPT_FOR, WebhookDelivery
from tests.features import Damage, Feature

MADE = "owner make_webhook"
TESTED = f"{MADE}, owner test_webhook"
DELIVERIES = """
    INSERT INTO webhook_deliveries (endpoint_id, position, event_id, created_at, attempts)
    SELECT '$webhook_id', 7, id, now(), 0 FROM events LIMIT 1;
    UPDATE webhook_endpoints SET position = {position}, due_at = {due_at}
"""

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_deliveries                 401       404    200      404    404        404      401      403
test_webhook                    401       404    204      404    404        404      401      403
repeat_delivery                 401       404    204      404    404        404      401      403
replay_deliveries               401       404    204      404    404        404      401      403
""",
    writable="""
replay_deliveries  position
""",
    stories={
        "list_deliveries": TESTED,
        "test_webhook": MADE,
        "repeat_delivery": TESTED,
        "replay_deliveries": MADE,
    },
    bodies={"replay_deliveries": lambda _: {"position": 1}},
    load="""
INSERT INTO webhook_deliveries (endpoint_id, position, event_id, created_at, attempts)
SELECT webhook_endpoints.id, stream.position, event_id, now(), 0
FROM webhook_endpoints, stream WHERE stream.position % 1000 = 0;
""",
    damages={
        "deliveries_in_order": Damage(MADE, DELIVERIES.format(position=8, due_at="now()")),
        "deliveries_due": Damage(MADE, DELIVERIES.format(position=0, due_at="NULL")),
        "deliveries_complete": Damage(
            "owner make_webhook",
            """
        UPDATE webhook_endpoints SET events = ARRAY['cleaning.created'], updated_at = 'yesterday';
        INSERT INTO stream SELECT 7, id FROM events WHERE subject = 'cleaning' LIMIT 1
        """,
            also=frozenset({"stream_dense", "stream_heads", "stream_complete"}),
        ),
    },
    expiring={
        WebhookDelivery: lambda _, ended_at: {
            "endpoint_id": uuid4(),
            "position": 0,
            "created_at": ended_at - KEPT_FOR,
        },
    },
)
