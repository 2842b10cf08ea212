"""The consequence of events for webhooks: deliveries."""

from collections.abc import Sequence

from app.db.models.kinds import EventKind
from app.db.repositories.stream import Entry
from app.db.repositories.webhook_deliveries import DeliveryRepository
from app.worker.consequences import Consequence
from app.worker.context import TaskContext


async def deliver(context: TaskContext, entries: Sequence[Entry]) -> None:
    """Adds the deliveries of events to webhooks."""
    await DeliveryRepository(context.transaction).deliver(entries)


SENT = [kind for kinds in EventKind.__subclasses__() if kinds.sent for kind in kinds]

CONSEQUENCES = (Consequence(SENT, deliver),)
