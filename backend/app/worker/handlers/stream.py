"""The handler that finds events without a place in the outbox."""

from datetime import timedelta

from app.core.mail import Mail
from app.db.models.fields import now
from app.db.models.kinds.stream import StreamTask
from app.db.repositories.stream import StreamRepository
from app.worker.context import Payload, TaskContext, TaskHandler

LOOKED_BACK = timedelta(hours=1)
"""The age of the oldest events that are looked for. The task runs much more often."""


async def collect(context: TaskContext, _: Payload) -> list[Mail]:
    """Adds events of servers of the previous release to the outbox, which they don't know."""
    await StreamRepository(context.transaction).collect(now() - LOOKED_BACK)
    return []


HANDLERS = {StreamTask.COLLECT: TaskHandler(collect, limit=1, cron="*/10 * * * *")}
