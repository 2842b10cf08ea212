"""Mails of notifications, as the tests that hold for all features see them."""

from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.features.notifications import entered

WAITING = """
    INSERT INTO notification_mails
        SELECT user_id, 'at_once', now(), min(position), max(position)
        FROM notifications GROUP BY user_id
"""


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Waits for a mail, which is not planned for an account whose mailbox refuses mail."""
    await market.app.state.database.fetch(
        "INSERT INTO notification_mails VALUES ($1, 'at_once', now(), 1, 1)", [actor.id]
    )
    return []


FEATURE = Feature(
    load="""
INSERT INTO notification_mails (user_id, mode, due_at, first_position, last_position)
SELECT user_id, 'daily', now() + interval '1 hour', min(position), max(position)
FROM notifications GROUP BY user_id;
""",
    damages={
        "notification_mails_in_stream": Damage(
            "", entered(WAITING, "UPDATE notification_mails SET last_position = 4711")
        ),
        "notification_mails_due": Damage(
            "", entered(WAITING, "UPDATE notification_mails SET due_at = now() - interval '2 days'")
        ),
    },
    leftovers=(
        (
            "owner delete_user",
            "INSERT INTO notification_mails VALUES ('$owner_id', 'daily', now(), 1, 1)",
        ),
    ),
    traces=leave_traces,
)
