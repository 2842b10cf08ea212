"""Notifications."""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.notifications import NotificationFilters, ReadMarkUpdate
from app.db.repositories.notifications import NotificationReader
from app.services.notification_views import NOTIFICATIONS, Notification
from app.services.notifications import NotificationService
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.visits import Visit

LIST = "/notifications"

SAID = {"notifications_read": N_("All notifications are marked as read.")}

pages = Pages()


@dataclass(frozen=True)
class NotificationsPage(Template, file="notifications/list.html"):
    """The notifications of the caller.

    Args:
        notifications: The notifications.
        more: The address of the next page.
        filters: Whether only unread ones are shown.
    """

    notifications: list[Notification]
    more: str | None
    filters: NotificationFilters


@pages.get(LIST)
async def show_notifications(visit: Visit) -> Response:
    """Shows what the caller was told."""
    filters = visit.filters(NotificationFilters, visit.asked())
    page = await NotificationReader(visit.reads).page(
        visit.caller, visit.listing.part(filters), unread=filters.unread
    )
    notifications = NOTIFICATIONS.validate_json(json_list(page))
    return visit.page(NotificationsPage(notifications, visit.more(page), filters))


@pages.post(f"{LIST}/read-mark", again=show_notifications)
async def mark_read(visit: Visit) -> Response:
    """Marks the notifications as read that the caller has seen."""
    mark = visit.read(ReadMarkUpdate)
    await NotificationService(visit.transaction).mark_read(await visit.user(), mark.position)
    return visit.see(LIST, "notifications_read")
