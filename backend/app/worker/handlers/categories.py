"""The handler that counts what is in categories again."""

from app.core.mail import Mail
from app.db.models.kinds.categories import CategoryTask
from app.db.repositories.category_counts import CategoryCountRepository
from app.worker.context import Payload, TaskContext, TaskHandler


async def recount(context: TaskContext, _: Payload) -> list[Mail]:
    """Counts the open jobs and published packages of all categories again."""
    await CategoryCountRepository(context.transaction).recount()
    return []


HANDLERS = {CategoryTask.RECOUNT: TaskHandler(recount, limit=1, cron="47 3 * * *")}
