"""Notifications."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import WithJsonSchema

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.notifications import (
    NotificationReader,
    NotificationService,
    NotificationStreamReader,
    OpenStreams,
)
from app.db.models.notifications import (
    NotificationFilters,
    NotificationPublic,
    ReadMark,
    ReadMarkUpdate,
)
from app.db.models.pages import PagePublic
from app.db.models.stream import LARGEST_POSITION
from app.http.clients import HeadersOnly
from app.http.event_streams import EventStream
from app.http.notifications import NotificationEvents
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import json_response
from app.http.streaming import Streams
from app.http.transactions import TransactionalRoute

TAG = Tag("notifications", "What users are told of events that concern them")

EXAMPLE = """\
retry: 2431

id: 4711

event: notification
data: {"position": 4712, "kind": "offer_received", ...}
id: 4712

"""
EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["notification", "reset"]},
        "id": {"type": "string", "description": "The position, for `Last-Event-ID`"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events; the `data` of a `notification` is an item of the list",
        "content": {EventStream.media_type: {"schema": EVENT, "example": EXAMPLE}},
    }
}

router = APIRouter(prefix="/notifications", tags=[TAG.name], route_class=TransactionalRoute)


@router.get(
    "",
    summary="Own notifications",
    response_model=PagePublic[NotificationPublic],
    responses=problems(),
)
async def list_notifications(
    filters: Annotated[NotificationFilters, Query()],
    caller: Token,
    notifications: NotificationReader,
    listing: ListingOf,
) -> Response:
    """What the caller was told, newest first, in the last 365 days.

    A notification appears within a second after the event.
    """
    part = listing.part(filters)
    return listing.answer(await notifications.page(caller, part, unread=filters.unread))


@router.get(
    "/stream",
    summary="Own notifications as they come",
    status_code=200,
    response_class=EventStream,
    responses=STREAM | problems(Streams.stream),
)
async def stream_notifications(
    caller: Token,
    notifications: NotificationStreamReader,
    streams: OpenStreams,
    headers_only: HeadersOnly,
    last_event_id: Annotated[
        int | None,
        # A header is left out, never null.
        WithJsonSchema({"type": "integer", "minimum": 0, "maximum": LARGEST_POSITION}),
        Header(
            alias="Last-Event-ID",
            ge=0,
            le=LARGEST_POSITION,
            description=(
                "The `id` of the last event that was received, or the `position` of the last "
                "notification that is known; without it, the stream begins with the next one"
            ),
        ),
    ] = None,
) -> Response:
    """Server-sent events: each notification behind the last one that the client knows, once.

    The `data` of an event `notification` is an item of the list, and its `id` the `position`. An
    event `reset` comes in place of more than 100 notifications: the list has them.
    """
    read = NotificationEvents(notifications, caller, last_event_id)
    return await streams.stream(caller, read, headers_only=headers_only)


@router.get("/read-mark", summary="Own read mark", response_model=ReadMark, responses=problems())
async def read_read_mark(caller: Token, notifications: NotificationReader) -> Response:
    """How far the caller has read, and the number of unread notifications."""
    return json_response(await notifications.read_mark(caller))


@router.put(
    "/read-mark",
    summary="Mark notifications as read",
    response_model=ReadMark,
    responses=problems(),
)
async def set_read_mark(
    changes: ReadMarkUpdate,
    caller: Caller,
    token: Token,
    notifications: NotificationService,
    shown: NotificationReader,
) -> Response:
    """Marks all notifications up to a position as read.

    The mark never moves back, so that devices may send it in any order.
    """
    await notifications.mark_read(caller, changes.position)
    return json_response(await shown.read_mark(token))
