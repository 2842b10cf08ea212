"""Notifications, as the tests that hold for all features see them."""

from tests.factories.cleanings import make_cleaning
from tests.factories.notifications import notifications, notify
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature

ENTER = """
    INSERT INTO heads VALUES ('standing', 0), ('stream', (SELECT count(*) FROM outbox));
    WITH taken AS (DELETE FROM outbox RETURNING event_id)
        INSERT INTO stream SELECT row_number() OVER (ORDER BY event_id), event_id FROM taken;
    INSERT INTO notifications
        SELECT '$owner_id', position, event_id, 'offer_received', now()
        FROM stream JOIN events ON events.id = event_id WHERE subject = 'offer';
    INSERT INTO notification_boxes
        SELECT user_id, 0, count(*) FROM notifications GROUP BY user_id;
"""
"""Enters the events of two offers into the stream, of which the owner is told."""


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Is told of an offer and its change, and reads of the offer."""
    job = await make_cleaning(market, actor, name="Canary windows of notifications")
    offer = await make_offer(market, job, other, price="4321.09")
    await other.patch(offer.path, {"price": "4321.08"})
    await notify(market)
    *_, read, _ = await notifications(actor)
    await actor.put("/notifications/read-mark", {"position": read["position"]})
    return ["/notifications", "/notifications/read-mark"]


def entered(*statements: str) -> str:
    """The notifications of two offers, and statements that damage them."""
    return ";".join((ENTER.rstrip().rstrip(";"), *statements))


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_notifications              401       200    200      200    200        200      401      403
stream_notifications            401       200    200      200    200        200      401      403
read_read_mark                  401       200    200      200    200        200      401      403
set_read_mark                   401       200    200      200    200        200      401      403
""",
    scopes={
        "read:notifications": {
            *("list_notifications", "stream_notifications", "read_read_mark"),
            "read_notification_preferences",
        },
        "write:notifications": {"set_read_mark", "edit_notification_preferences"},
    },
    writable="""
set_read_mark          position
""",
    bodies={"set_read_mark": lambda _: {"position": 1}},
    load="""
INSERT INTO notifications (user_id, position, event_id, kind, created_at)
SELECT actor_id, position, event_id, 'offer_received', created_at
FROM stream JOIN events ON events.id = event_id WHERE subject = 'cleaning' AND kind = 'created';

INSERT INTO notification_boxes (user_id, read_mark, unread)
SELECT user_id, 0, count(*) FROM notifications GROUP BY user_id;
""",
    traces=leave_traces,
    damages={
        "notifications_in_stream": Damage(
            "",
            entered(
                "UPDATE stream SET position = position + 100",
                "UPDATE heads SET position = position + 100 WHERE name = 'stream'",
            ),
            frozenset({"stream_dense"}),
        ),
        "notifications_told": Damage(
            "", entered("UPDATE notifications SET kind = 'offer_renewed'")
        ),
        "notifications_counted": Damage("", entered("UPDATE notification_boxes SET unread = 7")),
    },
)
