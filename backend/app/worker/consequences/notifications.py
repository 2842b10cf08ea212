"""Notifications as a consequence of events."""

from collections.abc import Sequence

from app.db.models.notification_rules import RULES
from app.db.repositories.notifications import NotificationRepository
from app.db.repositories.stream import Entry
from app.worker.consequences import Consequence
from app.worker.context import TaskContext


async def notify(context: TaskContext, entries: Sequence[Entry]) -> None:
    """Tells users of events that concern them."""
    first, last = entries[0].position, entries[-1].position
    await NotificationRepository(context.transaction).notify(first, last)


CONSEQUENCES = (Consequence([rule.event for rule in RULES], notify),)
