"""The handler that erases accounts."""

from app.core.mail import Mail
from app.db.models.kinds.users import AccountTask
from app.services.erasure import ErasureService
from app.worker.clock import HERE
from app.worker.context import Payload, TaskContext, TaskHandler

ERASED_AT_ONCE = 100  # accounts in a task


async def erase_unverified(context: TaskContext, _: Payload) -> list[Mail]:
    """Erases accounts whose email address was not verified in time; the rest in a further task."""
    erasure = ErasureService(context.transaction, HERE)
    if await erasure.erase_never_verified(ERASED_AT_ONCE):
        context.tasks.enqueue(AccountTask.ERASE_UNVERIFIED, {})
    return []


HANDLERS = {AccountTask.ERASE_UNVERIFIED: TaskHandler(erase_unverified, limit=1, cron="37 3 * * *")}
