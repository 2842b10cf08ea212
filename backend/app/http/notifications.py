"""Notifications as server-sent events."""

from app.core.security.tokens import Bearer
from app.db.models.notifications import MOST_BEHIND
from app.db.models.stream import LARGEST_POSITION
from app.db.repositories.notification_streams import NotificationStreamReader
from app.http.event_streams import event, place


class NotificationEvents:
    """The notifications of a user as events, in their order.

    If too many are behind, an event `reset` takes their place, which tells the client to read the
    list: it has them all.

    Args:
        reader: Reads the notifications.
        caller: The user.
        after: The last position that the client knows; None to begin with the next notification.
    """

    def __init__(self, reader: NotificationStreamReader, caller: Bearer, after: int | None) -> None:
        self._reader, self._caller, self._after = reader, caller, after

    async def __call__(self) -> bytes:
        """The events that were not returned yet.

        Raises:
            Unauthenticated: The session has ended.
        """
        after = LARGEST_POSITION if self._after is None else self._after
        items, head = await self._reader.behind(self._caller, after)
        if self._after is None:
            self._after = head
            return place(head)
        if len(items) > MOST_BEHIND or after > head:
            self._after = head
            return event("reset", f'{{"position":{head}}}', head)
        if items:
            self._after = items[-1][0]
        return b"".join(event("notification", json, position) for position, json in items)
