"""Notifications and their mails as consequences of events."""

from collections.abc import Sequence

from app.db.models.notification_rules import RULES
from app.db.repositories.notification_mails import NotificationMailRepository
from app.db.repositories.notifications import NotificationRepository
from app.db.repositories.stream import Entry
from app.worker.consequences import Consequence
from app.worker.context import TaskContext


async def notify(context: TaskContext, entries: Sequence[Entry]) -> None:
    """Tells users of events that concern them, and plans the mails about them."""
    first, last = entries[0].position, entries[-1].position
    to_mail = await NotificationRepository(context.transaction).notify(first, last)
    mails = NotificationMailRepository(context.transaction)
    mails.plan(to_mail, context.settings.time_zone)


CONSEQUENCES = (Consequence([rule.event for rule in RULES], notify),)
