"""The queries of streams of notifications."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, cast, func, join, select, true, union_all

from app.core.security.tokens import Bearer
from app.db.models.events import Event
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.notifications import MOST_BEHIND, Notification
from app.db.models.stream import Streamed
from app.db.models.threads import OF_EVENT, Thread
from app.db.repositories.base import Query
from app.db.repositories.feed import AFTER, HEAD
from app.db.repositories.notifications import OWN, notification_item
from app.postgres.statements import Source, Statement, argument, col, inline

USER_IDS: Any = argument("user_ids", ARRAY(Uuid()))
MOST_EVENTS = 1_000
"""The largest number of events behind a position whose threads are looked up."""


def _behind() -> Query:
    behind: Any = col(Notification.position)
    some = (
        select(cast(notification_item(), Text).label("item"), behind)
        .select_from(join(Notification, Event, col(Event.id) == Notification.event_id))
        .where(OWN, behind > AFTER, col(Notification.listed))
        .order_by(behind)
        .limit(inline(MOST_BEHIND + 1))
    )
    return Query(select(HEAD), some)


def _told() -> Statement:
    """Users with notifications behind a position, or with messages in the last events behind it.

    Only the first of several unread messages has a notification.
    """
    users = func.unnest(USER_IDS).table_valued("id").render_derived("asked")
    # One look at the index for each user: it is ordered by user and position.
    last = (
        select(col(Notification.position))
        .where(
            col(Notification.user_id) == users.c.id,
            col(Notification.position) > AFTER,
            col(Notification.listed),
        )
        .limit(inline(1))
        .lateral()
    )
    latest = (
        select(col(Streamed.event_id))
        .where(col(Streamed.position) > AFTER)
        .order_by(col(Streamed.position).desc())
        .limit(inline(MOST_EVENTS))
        .subquery("latest")
    )
    # Likewise for each event: the planner would read all events.
    thread = (
        select(col(Thread.owner_id), col(Thread.cleaner_id))
        .select_from(join(Event, Thread, OF_EVENT))
        .where(
            col(Event.id) == latest.c.event_id, col(Event.subject) == inline(ThreadEvent.subject)
        )
        .limit(inline(1))
        .lateral("thread")
    )
    written = (
        select(side).select_from(join(latest, thread, true())).where(side == any_(USER_IDS))
        for side in (thread.c.owner_id, thread.c.cleaner_id)
    )
    told = select(users.c.id).select_from(join(users, last, true()))
    return Statement(union_all(told, *written))


class Behind(NamedTuple):
    """The notifications of a user behind a position.

    Args:
        items: Their positions, and the notifications as JSON, oldest first; one more than
            `MOST_BEHIND` at the most.
        head: The last position of the stream.
    """

    items: list[tuple[int, str]]
    head: int


class NotificationStreamReader:
    """Reads what streams of notifications send.

    The database must be the primary: a standby may be behind.
    """

    _behind = _behind()
    _told = _told()

    def __init__(self, source: Source) -> None:
        self._source = source

    async def behind(self, caller: Bearer, position: int) -> Behind:
        """The caller's notifications behind a position."""
        rows = await self._behind.run(self._source, caller, after=position)
        items = [(row["position"], row["item"]) for row in rows if row["item"] is not None]
        return Behind(items, rows[0]["head"])

    async def told(self, user_ids: Collection[UUID], position: int) -> set[UUID]:
        """Those of some users who have notifications, or messages, behind a position."""
        rows = await self._told.fetch(self._source, user_ids=list(user_ids), after=position)
        return {row["id"] for row in rows}
