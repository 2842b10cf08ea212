"""The handler of mail that was written when the task was enqueued."""

from app.core.mail import Mail
from app.db.models.kinds.tasks import MailTask
from app.worker.context import Payload, TaskContext, TaskHandler


async def send_mail(_: TaskContext, payload: Payload) -> list[Mail]:
    """Sends the mail in the payload: ``recipient``, ``subject`` and ``body``."""
    return [Mail(**payload)]


HANDLERS = {MailTask.SEND_MAIL: TaskHandler(send_mail)}
