"""Messages, as the tests that hold for all features see them."""

from typing import TYPE_CHECKING, Any

from tests.factories.messages import make_message, offers_between
from tests.factories.uploads import make_upload
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.features.orders import PLACED
from tests.stories import numbers

if TYPE_CHECKING:
    from tests.factories.scenes import Scene

SENT = "cleaner send_message"
EDITED = f"{SENT}, cleaner edit_message"
WITH_PHOTO = "owner make_upload, owner send_message"
SENT_ABOUT_ORDER = f"{PLACED}, cleaner send_order_message"


def draft(scene: "Scene") -> dict[str, Any]:
    """A new message, with the upload that was made, if any was."""
    photos = [scene.known["upload_id"]] if "upload_id" in scene.known else []
    return {"text": f"Is there a lift {next(numbers)}?", "photos": photos}


def change(_: "Scene") -> dict[str, Any]:
    """A change of a message."""
    return {"text": f"Is it on floor {next(numbers)}?"}


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Sends messages in each role, and edits one."""
    paths = []
    for offer in await offers_between(market, actor, other, "Canary stairs of messages"):
        message = await make_message(
            *(market, offer, actor, "Canary of before: www.canary-a.com"),
            photos=[await make_upload(actor)],
        )
        await actor.patch(message.path, {"text": "Canary message: www.canary-b.com"})
        paths += [f"{message.thread}/messages", f"{message.path}/versions"]
    return paths


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
send_message                    401       404    201      201    404        404      401      403
list_messages                   401       404    200      200    404        404      401      403
read_message                    401       404    200      200    404        404      401      403
edit_message                    401       404    403      200    404        404      401      403
list_message_versions           401       404    200      200    404        404      401      403
send_order_message              401       404    201      201    404        404      401      403
list_order_messages             401       404    200      200    404        404      401      403
read_order_message              401       404    200      200    404        404      401      403
edit_order_message              401       404    403      200    404        404      401      403
list_order_message_versions     401       404    200      200    404        404      401      403
read_message_photo              401       404    200      200    404        404      401      403
review_messages                 401       403    403      403    200        200      401      403
""",
    scopes={
        "read:messages": {
            *("list_threads", "read_thread"),
            *("list_messages", "read_message", "list_message_versions", "read_message_photo"),
            *("read_order_thread", "list_order_messages"),
            *("read_order_message", "list_order_message_versions"),
        },
        "write:messages": {
            *("send_message", "edit_message", "set_thread_read_mark"),
            *("send_order_message", "edit_order_message", "set_order_thread_read_mark"),
        },
    },
    writable="""
send_message        text client_id photos
edit_message        text
send_order_message  text client_id photos
edit_order_message  text
""",
    stories={
        **dict.fromkeys(("read_message", "edit_message", "list_message_versions"), SENT),
        "read_message_photo": f"{WITH_PHOTO}, clock process",
        **dict.fromkeys(("send_order_message", "list_order_messages"), PLACED),
        **dict.fromkeys(
            ("read_order_message", "edit_order_message", "list_order_message_versions"),
            SENT_ABOUT_ORDER,
        ),
    },
    bodies={
        **dict.fromkeys(("send_message", "send_order_message"), draft),
        **dict.fromkeys(("edit_message", "edit_order_message"), change),
    },
    learned={"send_message": ("message_number", "number")},
    answers="""
send_message     owner          cleaner        rival  stranger  anonymous
open             >open          >open          404    404       401
open-again       >open          >open          404    404       401
booked           >booked        >booked        404    404       401
booked-started   >booked        >booked        404    404       401
completed        >completed     >completed     404    404       401
cancelled        >cancelled     >cancelled     404    404       401
expired          thread_closed  thread_closed  404    404       401
expired-unnoted  thread_closed  thread_closed  404    404       401
expired-missed   thread_closed  thread_closed  404    404       401
deleted          thread_closed  thread_closed  404    404       401

edit_message     owner          cleaner        rival  stranger  anonymous
open             404            404            404    404       401
open-again       404            404            404    404       401
booked           404            404            404    404       401
booked-started   404            404            404    404       401
completed        404            404            404    404       401
cancelled        404            404            404    404       401
expired          404            404            404    404       401
expired-unnoted  404            404            404    404       401
expired-missed   404            404            404    404       401
deleted          404            404            404    404       401

send_order_message  owner          cleaner        rival  stranger  anonymous
placed              >placed        >placed        404    404       401
accepted            >accepted      >accepted      404    404       401
declined            thread_closed  thread_closed  404    404       401
cancelled           thread_closed  thread_closed  404    404       401
expired             thread_closed  thread_closed  404    404       401
expired-unnoted     thread_closed  thread_closed  404    404       401

edit_order_message  owner          cleaner        rival  stranger  anonymous
placed              404            404            404    404       401
accepted            404            404            404    404       401
declined            404            404            404    404       401
cancelled           404            404            404    404       401
expired             404            404            404    404       401
expired-unnoted     404            404            404    404       401
""",
    changes={
        "edit_message": ("cleaner", SENT),
        "edit_order_message": ("cleaner", SENT_ABOUT_ORDER),
    },
    load="""
INSERT INTO messages (cleaning_id, cleaner_id, number, sender_id, text, contacts, revision,
    edited_at, created_at, updated_at, version)
SELECT id, cleaner_id, number, CASE number % 2 WHEN 1 THEN cleaner_id ELSE owner_id END,
    'Is there a lift?', CASE n % 100 WHEN 0 THEN ARRAY['url'] ELSE '{}' END, number,
    CASE number WHEN 1 THEN NULL ELSE now() END, now(), now(), 1
FROM jobs, generate_series(1, CASE n WHEN 10 THEN 3000 ELSE 2 END) number;

INSERT INTO message_versions (cleaning_id, cleaner_id, message, number, sender_id, text, written_at)
SELECT id, cleaner_id, 2, 1, owner_id, 'Is there a lift, or not?', now() FROM jobs;
""",
    damages={
        "messages_of_sides": Damage(
            SENT,
            """
        UPDATE messages SET sender_id = '$stranger_id';
        UPDATE events SET actor_id = '$stranger_id' WHERE subject = 'thread'
        """,
            frozenset({"threads_counted"}),
        ),
        "photos_of_messages": Damage(WITH_PHOTO, "UPDATE uploads SET user_id = '$stranger_id'"),
        "message_versions": Damage(EDITED, "DELETE FROM message_versions"),
        "events_of_messages": Damage(
            SENT, "DELETE FROM events WHERE subject = 'thread'", frozenset({"stream_events"})
        ),
    },
    leftovers=(
        (f"{SENT}, cleaner delete_user", "UPDATE messages SET text = 'From Anna'"),
        (f"{SENT}, cleaner delete_user", "UPDATE messages SET contacts = ARRAY['url']"),
        (
            f"{SENT}, cleaner delete_user",
            """
        INSERT INTO message_versions
            (cleaning_id, cleaner_id, message, number, sender_id, text, written_at)
        SELECT cleaning_id, cleaner_id, number, 1, sender_id, 'From Anna', now() FROM messages
        """,
        ),
    ),
    distributed=("messages", "message_versions"),
    traces=leave_traces,
)
