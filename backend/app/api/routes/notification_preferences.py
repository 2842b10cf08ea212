"""Preferences of notifications."""

from fastapi import APIRouter, Response

from app.api.dependencies.authentication import LockedCaller, Token
from app.api.dependencies.notification_preferences import (
    NotificationPreferencesReader,
    NotificationPreferencesService,
)
from app.db.models.notification_preferences import (
    NotificationPreferencesPublic,
    NotificationPreferencesUpdate,
)
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

router = APIRouter(
    prefix="/notifications/preferences", tags=["notifications"], route_class=TransactionalRoute
)


@router.get(
    "",
    summary="Own preferences of notifications",
    response_model=NotificationPreferencesPublic,
    responses=problems(),
)
async def read_notification_preferences(
    caller: Token, preferences: NotificationPreferencesReader
) -> Response:
    """Which groups of notifications are listed and mailed to the caller, and when."""
    return item_response(await preferences.own(caller))


@router.patch(
    "",
    summary="Change own preferences of notifications",
    response_model=NotificationPreferencesPublic,
    responses=problems(NotificationPreferencesService.edit),
)
async def edit_notification_preferences(
    changes: NotificationPreferencesUpdate,
    caller: LockedCaller,
    token: Token,
    expected: IfMatch,
    preferences: NotificationPreferencesService,
    shown: NotificationPreferencesReader,
) -> Response:
    """Changes the caller's preferences.

    Notifications of the group `staff`, acts of the operator, are always listed and always mailed.
    """
    await preferences.edit(caller, changes, expected)
    return item_response(await shown.own(token))
