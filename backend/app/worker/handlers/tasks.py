"""The handlers of mail that servers of the previous release have written, and of housekeeping."""

from app.core.mail import Mail
from app.db.models.kinds.tasks import HousekeepingTask, MailTask
from app.db.repositories.housekeeping import HousekeepingRepository
from app.worker.context import Payload, TaskContext, TaskHandler


async def send_mail(_: TaskContext, payload: Payload) -> list[Mail]:
    """Sends the mail in the payload: ``recipient``, ``subject`` and ``body``."""
    return [Mail(**payload)]


async def delete_expired(context: TaskContext, _: Payload) -> list[Mail]:
    """Deletes some of the rows that have expired; the rest in a further task."""
    if await HousekeepingRepository(context.transaction).delete_expired():
        context.tasks.enqueue(HousekeepingTask.DELETE_EXPIRED, {})
    return []


HANDLERS = {
    MailTask.SEND_MAIL: TaskHandler(send_mail),
    HousekeepingTask.DELETE_EXPIRED: TaskHandler(delete_expired, limit=1, cron="17 3 * * *"),
}
