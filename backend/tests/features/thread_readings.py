"""Readings of threads by staff, as the tests that hold for all features see them."""

from typing import TYPE_CHECKING, Any

from app.db.models.fields import new_id
from tests.factories.users import Actor, Market, make_user
from tests.features import Damage, Feature
from tests.features.messages import SENT

if TYPE_CHECKING:
    from tests.factories.scenes import Scene

READ = f"{SENT}, staff make_thread_reading"


def draft(scene: "Scene") -> dict[str, Any]:
    """A new reading of the thread of the cleaner."""
    ids = scene.ids()
    key = {name: ids[name] for name in ("cleaning_id", "cleaner_id")}
    return key | {"reason": "The message asks for a payment outside the market."}


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Has threads that staff reads, in each role.

    They are not read by calls: the audit would have the network of staff about the person.
    """
    staff, fetch = await make_user(market), market.app.state.database.fetch
    for owner, cleaner in ((actor, other), (other, actor)):
        await fetch(READING, [new_id(), staff.id, new_id(), owner.id, cleaner.id])
    return []


READING = """
INSERT INTO thread_readings (id, staff_id, cleaning_id, owner_id, cleaner_id, reason, created_at)
VALUES ($1, $2, $3, $4, $5, 'Canary ground of a reading', now() - interval '55 s')
"""

FEATURE = Feature(
    access="""
                            anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
make_thread_reading               401       403    403      403    201        201      401      403
make_thread_reading_for_report    401       403    403      403    201        201      401      403
read_thread_reading               401       403    403      403    200        404      401      403
list_messages_for_staff           401       403    403      403    200        404      401      403
""",
    writable="""
make_thread_reading  cleaning_id cleaner_id reason
""",
    stories={
        "make_thread_reading": SENT,
        "make_thread_reading_for_report": f"{SENT}, owner make_report",
        **dict.fromkeys(("read_thread_reading", "list_messages_for_staff"), READ),
    },
    bodies={"make_thread_reading": draft},
    learned={"make_thread_reading": ("reading_id", "id")},
    load="""
INSERT INTO thread_readings (id, staff_id, cleaning_id, owner_id, cleaner_id, reason, created_at)
SELECT jobs.id, users.id, jobs.id, owner_id, cleaner_id, 'Fraud', now()
FROM jobs, users WHERE n % 4 = 0 AND username = 'user1';
""",
    damages={
        "thread_readings_of_threads": Damage(
            READ, "UPDATE thread_readings SET owner_id = '$stranger_id'"
        ),
        "events_of_thread_readings": Damage(
            READ, "UPDATE thread_readings SET reason = 'Another one'"
        ),
    },
    traces=leave_traces,
)
