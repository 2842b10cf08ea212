"""Webhooks, as the tests that hold for all features see them."""

from tests.factories.users import Actor, Market
from tests.factories.webhooks import URL, make_webhook
from tests.features import Damage, Feature

MADE = "owner make_webhook"


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Makes a webhook, renews its secret, and tests it."""
    webhook = await make_webhook(market, actor, url="https://canary.example/hook")
    await actor.post(f"{webhook.path}/secret")
    await actor.post(f"{webhook.path}/test-events")
    return []


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
make_webhook                    401       201    201      201    201        201      401      403
list_webhooks                   401       200    200      200    200        200      401      403
read_webhook                    401       404    200      404    404        404      401      403
edit_webhook                    401       404    200      404    404        404      401      403
delete_webhook                  401       404    204      404    404        404      401      403
renew_webhook_secret            401       404    200      404    404        404      401      403
""",
    scopes={
        "read:webhooks": {"list_webhooks", "read_webhook", "list_deliveries"},
        "write:webhooks": {
            *("make_webhook", "edit_webhook", "delete_webhook", "renew_webhook_secret"),
            *("test_webhook", "repeat_delivery", "replay_deliveries"),
        },
    },
    also_needed={"make_webhook": {"read:offers", "read:bookings"}},
    writable="""
make_webhook       url events market_wide
edit_webhook       url events enabled
""",
    stories=dict.fromkeys(
        ("read_webhook", "edit_webhook", "delete_webhook", "renew_webhook_secret"), MADE
    ),
    bodies={
        "make_webhook": lambda _: {"url": URL, "events": ["offer.created"]},
        "edit_webhook": lambda _: {"events": ["offer.created", "offer.edited"]},
    },
    learned={"make_webhook": ("webhook_id", "id")},
    conditional=("make_webhook", "edit_webhook"),  # addresses that are not public are refused
    changes={"edit_webhook": ("owner", MADE)},
    load="""
INSERT INTO webhook_endpoints (id, user_id, url, events, market_wide, secret, position, attempts,
    slow, version, created_at, updated_at)
SELECT gen_random_uuid(), id, 'https://hooks.example', ARRAY['offer.created'], false, '', 0, 0,
    false, 1, now(), now()
FROM users;
""",
    lists=("/webhooks",),
    damages={
        "webhooks_counted": Damage(
            MADE,
            """
        INSERT INTO webhook_endpoints
        SELECT (jsonb_populate_record(it, jsonb_build_object('id', gen_random_uuid()))).*
        FROM webhook_endpoints it, generate_series(1, 10)
        """,
        ),
        "webhooks_events": Damage(MADE, "UPDATE webhook_endpoints SET events = ARRAY['mind.read']"),
        "webhooks_scopes": Damage(
            f"{MADE}, owner make_api_key",
            "UPDATE webhook_endpoints SET key_id = '$key_id'",
        ),
    },
    leftovers=(
        (
            f"{MADE}, owner delete_user",
            """
        INSERT INTO webhook_endpoints (id, user_id, url, events, market_wide, secret, position,
            attempts, slow, version, created_at, updated_at)
        VALUES (gen_random_uuid(), '$owner_id', 'https://hooks.example', ARRAY['offer.created'],
            false, '', 0, 0, false, 1, now(), now())
        """,
        ),
    ),
    traces=leave_traces,
)
