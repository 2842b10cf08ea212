# ruff: noqa: S608 (statements of constant parts)
"""Messages of the reference: the inbox, and sending one."""

from datetime import timedelta
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.core.contacts import contact_details
from benchmarks.reference import write_statements
from benchmarks.reference.basics import Listing, bearer, database_of, id_in, item_answer
from benchmarks.reference.fragments import LIVE
from benchmarks.reference.logins import MOST_TRIES, WINDOW, disguised
from benchmarks.reference.questions import REGION
from benchmarks.reference.read_statements import ONE, PERSON, SUMMARY
from benchmarks.reference.writes import body, demand, demand_free, now, record, text

OPEN_FOR = timedelta(days=30)
OTHER = "CASE WHEN {0}.owner_id = {1} THEN {2}.cleaner_id ELSE {0}.owner_id END"
GONE = "coalesce(o.deleted_at, o.blocked_at) IS NOT NULL"
OVERDUE = "r.status = 'placed' AND r.expires_at <= now()"

CLOSURE = f"""CASE WHEN c.deleted_at IS NOT NULL THEN 'deleted'
    WHEN c.status = 'expired' OR c.status = 'open' AND c.starts_at <= now() THEN 'expired'
    WHEN c.status IN ('completed', 'cancelled')
        AND coalesce(c.ended_at, c.updated_at) <= now() - interval '{OPEN_FOR.days} days'
        THEN 'ended'
    WHEN f.status = 'rejected' OR f.status = 'withdrawn' AND NOT EXISTS (
        SELECT FROM bookings b WHERE b.cleaning_id = f.cleaning_id AND b.offer_id = f.id
    ) THEN f.status
    WHEN (c.hidden_at IS NOT NULL OR f.hidden_at IS NOT NULL) AND f.status <> 'accepted'
        THEN 'hidden' END"""

ORDER_STATUS = f"CASE WHEN {OVERDUE} THEN 'expired' ELSE r.status END"

ORDER_CLOSURE = f"""CASE {ORDER_STATUS} WHEN 'declined' THEN 'declined'
    WHEN 'cancelled' THEN 'cancelled' WHEN 'expired' THEN 'unanswered' END"""

ORDER = f"""(SELECT json_build_object('status', {ORDER_STATUS}, 'starts_at', r.starts_at, 'items', (
        SELECT json_agg(json_build_object('quantity', i.quantity, 'name', i.name) ORDER BY i.place)
        FROM order_items i WHERE i.order_id = r.id
    )) FROM orders r WHERE r.id = t.cleaning_id)"""

THREAD = f"""json_build_object('id', t.id, 'cleaning_id', t.cleaning_id,
    'cleaner_id', t.cleaner_id,
    'role', CASE WHEN t.owner_id = $2 THEN 'customer' ELSE 'cleaner' END,
    'other', {PERSON.format("o")},
    'cleaning', (
        SELECT {SUMMARY} FROM cleanings c WHERE c.id = t.cleaning_id AND c.deleted_at IS NULL
    ),
    'order', {ORDER}, 'closed', CASE WHEN {GONE} THEN 'account_closed' ELSE coalesce((
        SELECT {CLOSURE} FROM offers f JOIN cleanings c ON c.id = f.cleaning_id
        WHERE f.cleaning_id = t.cleaning_id AND f.cleaner_id = t.cleaner_id
    ), (
        SELECT {ORDER_CLOSURE} FROM orders r
        WHERE r.id = t.cleaning_id AND r.cleaner_id = t.cleaner_id AND r.status <> 'accepted'
    )) END, 'messages', t.messages,
    'read_mark', CASE WHEN t.owner_id = $2 THEN t.owner_read ELSE t.cleaner_read END,
    'unread', CASE WHEN t.owner_id = $2 THEN t.owner_unread ELSE t.cleaner_unread END,
    'last_message', (
        SELECT json_build_object('number', m.number, 'sender_id', m.sender_id,
            'excerpt', left(m.text, 200), 'created_at', m.created_at)
        FROM messages m WHERE m.cleaning_id = t.cleaning_id AND m.cleaner_id = t.cleaner_id
            AND m.number = t.messages
    ))::text AS item"""

KEYS = ("pending", "sent_at", "cleaning_id", "cleaner_id")
BY_KEYS = ", ".join(f"{key} DESC" for key in KEYS)

SIDES = f"""
SELECT c.owner_id::text, f.status = 'accepted' AS booked,
    CASE WHEN {GONE} THEN 'account_closed' ELSE {CLOSURE} END AS closed
FROM offers f JOIN cleanings c ON c.id = f.cleaning_id
JOIN users o ON o.id = {OTHER.format("c", "$3", "f")}
WHERE f.cleaning_id = $1 AND f.cleaner_id = $2 AND $3 IN (c.owner_id, f.cleaner_id)
FOR SHARE OF c, f"""

LOCK_THREAD = """
SELECT id::text, messages, owner_unread, cleaner_unread FROM threads
WHERE cleaning_id = $1 AND cleaner_id = $2 FOR NO KEY UPDATE"""

COUNT_MESSAGE = """
UPDATE threads SET messages = messages + 1, sent_at = $3,
    owner_unread = owner_unread + $4, cleaner_unread = cleaner_unread + $5
WHERE cleaning_id = $1 AND cleaner_id = $2"""

ADD_MESSAGE = """
INSERT INTO messages (cleaning_id, cleaner_id, number, sender_id, client_id, text, contacts,
    revision, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, 1)"""

MESSAGE = ONE.format(
    live=LIVE,
    item="""SELECT json_build_object('number', m.number, 'sender_id', m.sender_id,
        'text', m.text, 'warnings', CASE WHEN m.sender_id = $2 THEN to_json(m.contacts)
            ELSE '[]' END, 'photos', coalesce((
            SELECT json_agg(json_build_object('id', u.id, 'url', '/messages/photos/' || u.large,
                'small_url', '/messages/photos/' || u.small, 'width', u.width, 'height', u.height
            ) ORDER BY u.place) FROM uploads u
            WHERE u.message_cleaning_id = m.cleaning_id AND u.message_cleaner_id = m.cleaner_id
                AND u.message_number = m.number AND u.state = 'ready' AND u.hidden_at IS NULL
        ), '[]'), 'pending_photos', (SELECT count(*) FROM uploads u
            WHERE u.message_cleaning_id = m.cleaning_id AND u.message_cleaner_id = m.cleaner_id
                AND u.message_number = m.number AND u.state = 'processing'
        ), 'created_at', m.created_at, 'edited_at', m.edited_at)::text AS item,
        m.version
    FROM messages m JOIN offers f ON f.cleaning_id = m.cleaning_id AND f.cleaner_id = m.cleaner_id
    JOIN cleanings c ON c.id = m.cleaning_id
    WHERE m.cleaning_id = $3 AND m.cleaner_id = $4 AND m.number = $5
        AND $2 IN (c.owner_id, f.cleaner_id)""",
)


@cache
def inbox(limit: int, *, continued: bool) -> str:
    """Reads the caller's threads."""
    beyond = f"AND ({{}}, {', '.join(KEYS[1:])}) < ($3::integer, $4, $5, $6)" if continued else ""

    def part(side: str) -> str:
        pending = f"LEAST({side}_unread, 1)"
        return f"""(SELECT *, {pending} AS pending FROM threads
            WHERE {side}_id = $2 {beyond.format(pending)}
            ORDER BY {BY_KEYS.replace("pending", pending, 1)} LIMIT (SELECT {limit} + 1))"""

    last = ", ".join(f"(array_agg({key}))[{limit}] AS {key}" for key in KEYS)
    return f"""
        SELECT it.items, it.pending::text AS keys, {", ".join(f"it.{key}" for key in KEYS[1:])}
        FROM sessions s JOIN users u ON u.id = s.user_id CROSS JOIN LATERAL (
            SELECT array_agg(item) AS items, {last} FROM (
                SELECT {THREAD}, {", ".join(f"t.{key}" for key in KEYS)}
                FROM ({part("owner")} UNION ALL {part("cleaner")}) t
                JOIN users o ON o.id = {OTHER.format("t", "$2", "t")}
                JOIN profiles op ON op.user_id = o.id
                ORDER BY {", ".join(f"t.{key} DESC" for key in KEYS)} LIMIT {limit} + 1
            ) found
        ) it WHERE {LIVE}"""


async def list_threads(request: Request) -> Response:
    """The caller's threads."""
    caller, listing = bearer(request), Listing(request)
    if listing.filters:
        raise HTTPException(422)
    after = listing.after or ()
    sql = inbox(listing.limit, continued=bool(after))
    row = await database_of(request).row(sql, *caller, *after)
    return listing.answer(request, row, *(str(row[key]) for key in KEYS[1:]))


class MessageDraft(BaseModel, extra="forbid"):
    """A new message."""

    text: Annotated[str, text(4000)]
    client_id: UUID | None = None


async def send_message(request: Request) -> Response:
    """Sends a message."""
    caller, draft = bearer(request), await body(request, MessageDraft)
    key = id_in(request, "cleaning_id"), id_in(request, "cleaner_id")
    tries = [disguised(f"messages {caller.user_id}")]

    async def work(connection: Any) -> Response:
        counted = await connection.fetchrow(write_statements.COUNT_TRIES, tries, [WINDOW], 1)
        if counted["count"] > MOST_TRIES:
            raise HTTPException(429)
        await demand(connection, caller)
        sides = await connection.fetchrow(SIDES, *key, caller.user_id)
        thread = sides and await connection.fetchrow(LOCK_THREAD, *key)
        if thread is None:
            raise HTTPException(404)
        if sides["closed"]:
            raise HTTPException(409)
        if not sides["booked"]:
            await demand_free(connection, sides["owner_id"], str(key[1]))
        by_owner, moment, number = (
            sides["owner_id"] == caller.user_id,
            now(),
            thread["messages"] + 1,
        )
        found = [] if sides["booked"] else contact_details(draft.text, REGION)
        contacts = sorted({each.kind for each in found})
        await connection.execute(COUNT_MESSAGE, *key, moment, int(not by_owner), int(by_owner))
        await connection.execute(
            ADD_MESSAGE, *key, number, caller.user_id, draft.client_id, draft.text, contacts, moment
        )
        unread = thread["cleaner_unread" if by_owner else "owner_unread"] + 1
        facts = orjson.dumps({"number": number, "unread": unread})
        await record(
            connection, caller.user_id, "thread", thread["id"], "message_sent", key[0], facts
        )
        row = await connection.fetchrow(MESSAGE, *caller, *key, number)
        return item_answer(request, row, f"{request.url.path}/{number}")

    return await database_of(request).write(work)
