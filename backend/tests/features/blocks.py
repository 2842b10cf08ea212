"""Blocks, as the tests that hold for all features see them."""

from tests.factories.blocks import block_person
from tests.factories.users import Actor, Market, make_user
from tests.features import Damage, Feature
from tests.stories import DELETED

BLOCKED = "owner block_person"


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Blocks a person, and is blocked by another."""
    await block_person(actor, await make_user(market))
    await block_person(await make_user(market), actor)
    return ["/users/me/blocks"]


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_blocks                     401       200    200      200    200        200      401      403
block_person                    401       204    204      409    204        204      401      403
unblock_person                  401       404    204      404    404        404      401      403
""",
    stories={"unblock_person": BLOCKED},
    load="""
INSERT INTO blocks (blocker_id, blocked_id, created_at)
SELECT blocker.id, blocked.id, now() - n * interval '1 minute'
FROM generate_series(1, 10) n
JOIN people blocker ON true
JOIN people blocked ON blocked.place = (blocker.place + 10 + n * n) % 1001
ON CONFLICT DO NOTHING;
""",
    lists=("/users/me/blocks",),
    damages={
        "blocks_counted": Damage(
            BLOCKED,
            """
        INSERT INTO blocks
        SELECT '$owner_id', gen_random_uuid(), now() FROM generate_series(1, 1000)
        """,
            also=frozenset({"references"}),
        ),
    },
    leftovers=(
        (DELETED, "INSERT INTO blocks VALUES ('$stranger_id', '$owner_id', now())"),
        (DELETED, "INSERT INTO blocks VALUES ('$owner_id', '$stranger_id', now())"),
    ),
    traces=leave_traces,
)
