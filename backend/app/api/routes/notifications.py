"""Notifications."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.notifications import NotificationReader, NotificationService
from app.db.models.notifications import (
    NotificationFilters,
    NotificationPublic,
    ReadMark,
    ReadMarkUpdate,
)
from app.db.models.pages import PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import json_response
from app.http.transactions import TransactionalRoute

TAG = Tag("notifications", "What users are told of events that concern them")

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
