"""Verifies that service and reference do the same work, before their speed is compared."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any

import httpx

from benchmarks.calls import Call
from benchmarks.data import END, Market, rewind
from benchmarks.databases import connected
from benchmarks.load import Request
from benchmarks.services import Service

SAMPLE = 10
MADE_ANEW = {
    "id",
    "offer_id",
    "booking_id",
    "created_at",
    "expires_at",
    "updated_at",
    "access_token",
    "refresh_token",
}
"""Fields that differ between the responses of two identical writes."""
HEADERS = {
    "content-encoding",
    "content-language",
    "content-type",
    "etag",
    "cache-control",
    "content-security-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "referrer-policy",
    "vary",
    "x-content-type-options",
}
SUBMISSION = re.compile(r'(name="once" value)="[^"]+"')
WRITTEN = f"""
SELECT 'event' AS what, subject, kind, actor_id::text AS by, cleaning_id < '{END}' AS known,
    (SELECT count(*) FROM jsonb_object_keys(payload)) AS facts FROM events WHERE id >= '{END}'
UNION ALL SELECT 'outbox', '', '', '', true, 0 FROM outbox
UNION ALL SELECT 'job', status, name, owner_id::text, version = 1, terms_revision
    FROM cleanings WHERE updated_at > '2026-03-02'
UNION ALL SELECT 'offer', status, price::text, cleaner_id::text, version = 1, terms_revision
    FROM offers WHERE updated_at > '2026-03-02'
UNION ALL SELECT 'booking', status, terms::text, cleaner_id::text, price > 0, version
    FROM bookings WHERE id >= '{END}'
UNION ALL SELECT 'question', text, '', author_id::text, question_id IS NULL, answers
    FROM cleaning_posts WHERE id >= '{END}'
UNION ALL SELECT 'message', m.text, '', m.sender_id::text, m.client_id IS NULL,
    m.number * 10000 + t.messages * 1000 + t.owner_unread * 10 + t.cleaner_unread
    FROM messages m JOIN threads t USING (cleaning_id, cleaner_id) WHERE m.number > 2
UNION ALL SELECT 'number', category, '', owner_id::text, packages = 0, jobs FROM category_deltas
UNION ALL SELECT 'order', o.status, concat_ws(' ', i.place, i.quantity, i.name, i.price),
    o.customer_id::text, o.closed_at IS NULL, k.offered - k.stock
    FROM orders o JOIN order_items i ON i.order_id = o.id JOIN packages k ON k.id = i.package_id
    WHERE o.id >= '{END}'
UNION ALL SELECT 'session', '', '', user_id::text, length(hash) = 32, length(address)
    FROM sessions JOIN refresh_tokens ON session_id = id WHERE id >= '{END}'
UNION ALL SELECT 'audit', action, details::text, actor_id::text, actor_id = user_id, length(network)
    FROM audit WHERE id >= '{END}'
UNION ALL SELECT 'known', '', '', user_id::text, length(address_hash) = 32, 0 FROM known_addresses
UNION ALL SELECT 'device', '', '', user_id::text, length(device_hash) = 32, 0 FROM known_devices
ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 (all parts are our own)


class Unequal(Exception):
    """The services do different work."""


def demand_equal(services: Iterable[Service], calls: Iterable[Call], market: Market) -> None:
    """Sends the same requests to both services, and compares responses and written rows.

    Raises:
        Unequal: They differ in other fields than generated ones.
    """
    for call in calls:
        for request in call.requests[:SAMPLE] if not call.writes else call.requests[:2]:
            answers = []
            for service in services:
                with httpx.Client(base_url=service.address) as client:
                    answer = send(client, request)
                seen = {name: answer.headers.get(name) for name in HEADERS}
                content = content_of(answer, service.address)
                written = None
                if call.writes:
                    content = _without(content, MADE_ANEW)
                    written = asyncio.run(_written(market))
                elif "?q=" in request.path and content["next_cursor"]:
                    content["next_cursor"] = "holds the moment of the search"
                answers.append((answer.status_code, seen, content, written))
            if not httpx.codes.is_success(answers[0][0]) or answers[0] != answers[1]:
                raise Unequal(f"{call.title}: {request.path}\n{answers[0]}\n{answers[1]}")


def send(client: httpx.Client, request: Request) -> httpx.Response:
    """Sends a request as wrk does."""
    headers = {"Authorization": f"Bearer {request.token}"} if request.token else {}
    if request.kind:
        headers["Content-Type"] = request.kind
    if request.cookie:
        headers |= {"Cookie": f"__Host-session={request.cookie}", "Sec-Fetch-Site": "none"}
    return client.request(request.method, request.path, headers=headers, content=request.body)


def content_of(answer: httpx.Response, address: str) -> Any:
    """The content of a response, without the address of its service and random names of forms."""
    if "json" in answer.headers.get("content-type", ""):
        return answer.json()
    return SUBMISSION.sub(r"\1", answer.text.replace(address, ""))


async def _written(market: Market) -> list[tuple[Any, ...]]:
    """The rows written by the last request, which is then undone."""
    async with connected(market.url) as connection:
        rows = [tuple(row) for row in await connection.fetch(WRITTEN)]
    await rewind(market, vacuum=False)
    return rows


def _without(value: Any, names: set[str]) -> Any:
    """Clears the fields of these names at any depth."""
    if isinstance(value, dict):
        return {
            name: None if name in names else _without(part, names) for name, part in value.items()
        }
    return value
