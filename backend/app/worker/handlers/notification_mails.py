"""The handler of mails of notifications."""

from uuid import UUID

from app.core.mail import Mail
from app.db.models.kinds.notification_mails import NotificationMailTask
from app.services.notification_mails import NotificationMailSender
from app.worker.context import Payload, TaskContext, TaskHandler


async def mail(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails the user ``user_id`` the notifications of a ``mode`` from ``first`` to ``last``."""
    sender = NotificationMailSender(context.transaction, context.keyring, context.letterhead)
    user_id, mode = UUID(payload["user_id"]), payload["mode"]
    return await sender.write(user_id, mode, payload["first"], payload["last"])


HANDLERS = {NotificationMailTask.NOTIFICATION_MAIL: TaskHandler(mail)}
