"""The handler of notices about changes of how a user logs in."""

from uuid import UUID

from app.core.mail import Mail
from app.db.models.kinds.notices import NoticeTask
from app.db.models.notices import Notice
from app.services.notice_letters import NoticeSender
from app.worker.context import Payload, TaskContext, TaskHandler


async def notice(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails a ``notice`` to the user ``user_id``; the text contains the ``details``."""
    sender = NoticeSender(context.transaction, context.keyring, context.letterhead)
    user_id, kind = UUID(payload["user_id"]), Notice(payload["notice"])
    return await sender.write(user_id, kind, payload["details"])


HANDLERS = {NoticeTask.NOTICE: TaskHandler(notice)}
