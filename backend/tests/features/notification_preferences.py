"""Preferences of notifications, as the tests that hold for all features see them."""

from tests.factories.notification_preferences import PATH, prefer
from tests.factories.users import Actor, Market
from tests.features import Feature


async def leave_traces(_: Market, actor: Actor, __: Actor) -> list[str]:
    """Chooses other groups and times than the defaults."""
    await prefer(
        actor,
        app={"evaluations": False},
        mail={"questions": "daily"},
        time_zone="Antarctica/Troll",
        quiet_from="21:43",
        quiet_until="05:17",
        digest_hour=19,
    )
    return [PATH]


FEATURE = Feature(
    access="""
                           anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
read_notification_preferences    401       200    200      200    200        200      401      403
edit_notification_preferences    401       200    200      200    200        200      401      403
""",
    writable="""
edit_notification_preferences  app mail time_zone quiet_from quiet_until digest_hour
""",
    bodies={"edit_notification_preferences": lambda _: {"mail": {"offers": "daily"}}},
    conditional=("edit_notification_preferences",),  # acts of the operator can't be switched off
    changes={"edit_notification_preferences": ("stranger", "")},
    load="""
INSERT INTO notification_preferences (user_id, app, mail, digest_hour, version, created_at,
    updated_at)
SELECT id, '{"offers": false}', '{"orders": "daily"}', 8, 1, now(), now() FROM users;
""",
    leftovers=(
        (
            "owner delete_user",
            """
        INSERT INTO notification_preferences (user_id, app, mail, digest_hour, version, created_at,
            updated_at)
        VALUES ('$owner_id', '{}', '{}', 8, 1, now(), now())
        """,
        ),
    ),
    traces=leave_traces,
)
