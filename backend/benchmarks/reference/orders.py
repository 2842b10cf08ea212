# ruff: noqa: S608 (statements of constant parts)
"""Orders of packages in the reference: the statements, and the request that places one."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from benchmarks.reference.basics import bearer, database_of, item_answer
from benchmarks.reference.fragments import LIVE
from benchmarks.reference.read_statements import ONE
from benchmarks.reference.writes import body, demand_free, now, record, text

ANSWERED_WITHIN = timedelta(hours=48)
MOST_PLACED = 1_000_000
HIGHEST_TOTAL = Decimal("99999999.99")
LONGEST_WORK = 7 * 24 * 60

LOCK_ACCOUNTS = f"""
SELECT a.id FROM users a WHERE a.id IN (
    SELECT u.id FROM users u JOIN sessions s ON s.user_id = u.id WHERE {LIVE}
    UNION ALL SELECT seller_id FROM packages WHERE id = ANY($3::uuid[])
) ORDER BY a.id FOR NO KEY UPDATE"""

HAS_MANY = """
SELECT EXISTS (SELECT FROM orders WHERE customer_id = $1 AND status = 'placed' OFFSET $2 LIMIT 1)"""

LOCK_PACKAGES = """
SELECT k.id, k.seller_id, k.name, k.price, k.currency, k.duration, k.category, k.revision, k.stock
FROM packages k JOIN users o ON o.id = k.seller_id
WHERE k.id = ANY($1::uuid[]) AND (k.seller_id = $2
    OR k.status = 'published' AND k.hidden_at IS NULL AND o.blocked_at IS NULL)
ORDER BY k.id FOR NO KEY UPDATE OF k"""

TAKE = """
UPDATE packages SET stock = stock - taken.quantity
FROM unnest($1::uuid[], $2::integer[]) taken (id, quantity)
WHERE packages.id = taken.id AND stock IS NOT NULL"""

ADD_ORDER = """
INSERT INTO orders (id, customer_id, cleaner_id, status, total, currency, duration, starts_at,
    category, area, address, note, early_start_at, expires_at, created_at, updated_at, version)
VALUES ($1, $2, $3, 'placed', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, 1)"""

ADD_ITEMS = """
INSERT INTO order_items (order_id, package_id, place, revision, quantity, name, price, duration)
SELECT $1, id, place, revision, quantity, name, price, duration
FROM unnest($2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::numeric[], $7::integer[])
    WITH ORDINALITY item (id, revision, quantity, name, price, duration, place)"""

PERSON = """json_build_object('id', {0}.id, 'full_name', {0}p.full_name, 'bio', {0}p.bio,
    'image', {0}p.image, 'username', {0}.username, 'picture', {0}p.picture, 'rating',
    json_build_object(
    'average', round({0}r.average::numeric, 2)::float8, 'total', coalesce({0}r.total, 0)))"""

JOINED = """JOIN users {0} ON {0}.id = o.{1} JOIN profiles {0}p ON {0}p.user_id = {0}.id
    LEFT JOIN ratings {0}r ON {0}r.user_id = {0}.id AND {0}r.role = '{2}'"""

OVERDUE = "o.status = 'placed' AND o.expires_at <= now()"

ORDER = ONE.format(
    live=LIVE,
    item=f"""SELECT json_build_object('id', o.id,
        'status', CASE WHEN {OVERDUE} THEN 'expired' ELSE o.status END, 'items', (
            SELECT json_agg(json_build_object('package_id', i.package_id, 'revision', i.revision,
                'quantity', i.quantity, 'name', i.name, 'price', i.price::text,
                'duration', i.duration) ORDER BY i.place)
            FROM order_items i WHERE i.order_id = o.id
        ), 'total', o.total::text, 'currency', o.currency, 'starts_at', o.starts_at,
        'duration', o.duration, 'category', o.category, 'area', o.area, 'address', CASE
            WHEN o.customer_id = $2 OR b.status IN ('scheduled', 'completed') THEN o.address END,
        'note', o.note, 'early_start_at', o.early_start_at, 'customer', {PERSON.format("c")},
        'cleaner', {PERSON.format("w")}, 'cleaning_id', b.cleaning_id, 'booking_id', b.id,
        'reason', o.reason, 'expires_at', o.expires_at,
        'closed_at', CASE WHEN {OVERDUE} THEN o.expires_at ELSE o.closed_at END,
        'created_at', o.created_at, 'updated_at', o.updated_at)::text AS item, o.version
    FROM orders o {JOINED.format("c", "customer_id", "owner")}
    {JOINED.format("w", "cleaner_id", "cleaner")} LEFT JOIN bookings b ON b.cleaning_id = o.id
    WHERE o.id = $3 AND $2 IN (o.customer_id, o.cleaner_id)""",
)


class ItemDraft(BaseModel, extra="forbid"):
    """A package that is ordered."""

    package_id: UUID
    revision: Annotated[int, Field(strict=True, ge=1)]
    quantity: Annotated[int, Field(strict=True, ge=1, le=20)] = 1


def each_once(items: list[ItemDraft]) -> list[ItemDraft]:
    """Refuses a package that is named twice."""
    if len({item.package_id for item in items}) < len(items):
        raise ValueError("names a package twice")
    return items


class OrderDraft(BaseModel, extra="forbid"):
    """A new order."""

    items: Annotated[list[ItemDraft], Field(min_length=1, max_length=20), AfterValidator(each_once)]
    starts_at: Annotated[AwareDatetime, Field(strict=True)]
    area: Annotated[str, text(100)] | None = None
    address: Annotated[str, text(300)] | None = None
    note: Annotated[str, text(1000, 0)] | None = None
    early_start: bool = False


async def place_order(request: Request) -> Response:
    """Places an order."""
    caller, draft = bearer(request), await body(request, OrderDraft)
    moment = now()
    if draft.starts_at <= moment:
        raise HTTPException(422)
    order_id = str(uuid7())
    ids = [item.package_id for item in draft.items]
    quantities = [item.quantity for item in draft.items]

    async def work(connection: Any) -> Response:
        accounts = await connection.fetch(LOCK_ACCOUNTS, *caller, ids)
        if all(str(account["id"]) != caller.user_id for account in accounts):
            raise HTTPException(401)
        has_many = await connection.fetchval(HAS_MANY, caller.user_id, MOST_PLACED - 1)
        rows = await connection.fetch(LOCK_PACKAGES, ids, caller.user_id)
        found = {row["id"]: row for row in rows}
        if has_many or len(found) < len(ids):
            raise HTTPException(409 if has_many else 404)
        packages = [found[package_id] for package_id in ids]
        seller_id, currency = packages[0]["seller_id"], packages[0]["currency"]
        if str(seller_id) == caller.user_id:
            raise HTTPException(409)
        total, minutes = Decimal(), 0
        for item, row in zip(draft.items, packages, strict=True):
            if row["seller_id"] != seller_id or row["currency"] != currency:
                raise HTTPException(422)
            short = row["stock"] is not None and row["stock"] < item.quantity
            if row["revision"] != item.revision or short:
                raise HTTPException(409)
            total += row["price"] * item.quantity
            minutes += (row["duration"] or 0) * item.quantity
        if total > HIGHEST_TOTAL or minutes > LONGEST_WORK:
            raise HTTPException(422)
        await demand_free(connection, caller.user_id, str(seller_id))
        await connection.execute(TAKE, ids, quantities)
        categories = {row["category"] for row in packages}
        await connection.execute(
            ADD_ORDER,
            *(order_id, caller.user_id, seller_id, total, currency),
            *(None if any(row["duration"] is None for row in packages) else minutes,),
            *(draft.starts_at, categories.pop() if len(categories) == 1 else None),
            *(draft.area, draft.address, draft.note, moment if draft.early_start else None),
            *(min(moment + ANSWERED_WITHIN, draft.starts_at), moment),
        )
        await connection.execute(
            *(ADD_ITEMS, order_id, ids, [item.revision for item in draft.items], quantities),
            *([row[name] for row in packages] for name in ("name", "price", "duration")),
        )
        payload = orjson.dumps({"total": str(total)})
        await record(connection, caller.user_id, "order", order_id, "placed", None, payload)
        row = await connection.fetchrow(ORDER, *caller, order_id)
        return item_answer(request, row, f"/api/v1/orders/{order_id}")

    return await database_of(request).write(work)
