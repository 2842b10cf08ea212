"""Threads, as the tests that hold for all features see them."""

from tests.factories.messages import make_message, offers_between
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.features.messages import SENT, SENT_ABOUT_ORDER
from tests.features.orders import PLACED


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Reads messages in each role."""
    threads = []
    for offer in await offers_between(market, actor, other, "Canary stairs of threads"):
        message = await make_message(market, offer, actor, "Canary message of threads")
        for _ in range(2):
            await make_message(market, offer, other)
        await actor.put(f"{message.thread}/read-mark", {"number": 2})
        threads.append(message.thread)
    return [*threads, "/threads"]


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_threads                    401       200    200      200    200        200      401      403
read_thread                     401       404    200      200    404        404      401      403
set_thread_read_mark            401       404    200      200    404        404      401      403
read_order_thread               401       404    200      200    404        404      401      403
set_order_thread_read_mark      401       404    200      200    404        404      401      403
""",
    writable="""
set_thread_read_mark        number
set_order_thread_read_mark  number
""",
    bodies=dict.fromkeys(
        ("set_thread_read_mark", "set_order_thread_read_mark"), lambda _: {"number": 1}
    ),
    stories={
        "set_thread_read_mark": SENT,
        "read_order_thread": PLACED,
        "set_order_thread_read_mark": SENT_ABOUT_ORDER,
    },
    answers="""
set_thread_read_mark  owner       cleaner     rival  stranger  anonymous
open                  >open       >open       404    404       401
open-again            >open       >open       404    404       401
booked                >booked     >booked     404    404       401
booked-started        >booked     >booked     404    404       401
completed             >completed  >completed  404    404       401
cancelled             >cancelled  >cancelled  404    404       401
expired               >expired    >expired    404    404       401
expired-unnoted       >expired    >expired    404    404       401
expired-missed        >expired    >expired    404    404       401
deleted               >deleted    >deleted    404    404       401

set_order_thread_read_mark  owner       cleaner     rival  stranger  anonymous
placed                      >placed     >placed     404    404       401
accepted                    >accepted   >accepted   404    404       401
declined                    >declined   >declined   404    404       401
cancelled                   >cancelled  >cancelled  404    404       401
expired                     >expired    >expired    404    404       401
expired-unnoted             >expired    >expired    404    404       401
""",
    load="""
INSERT INTO threads (cleaning_id, cleaner_id, id, owner_id, messages, sent_at, owner_read,
    owner_unread, cleaner_read, cleaner_unread)
SELECT id, cleaner_id, id, owner_id, CASE n WHEN 10 THEN 3000 ELSE 2 END,
    now() - abs(n - 10) * interval '1 minute', 0, CASE n WHEN 10 THEN 1500 ELSE 1 END, 2 * (n % 2),
    1 - n % 2
FROM jobs;
""",
    lists=("/threads", "/threads?role=cleaner"),
    damages={
        "threads_of_owners": Damage(SENT, "UPDATE threads SET owner_id = '$stranger_id'"),
        "threads_counted": Damage(SENT, "UPDATE threads SET owner_unread = 0"),
        "threads_closed": Damage(
            f"{SENT}, owner reject_offer",
            "UPDATE messages SET created_at = created_at + interval '1 day'",
        ),
    },
    traces=leave_traces,
    distributed=("threads",),
)
