"""The handlers of mails to persons without an account who have given notice."""

from uuid import UUID

from app.core.mail import Mail
from app.db.models.kinds.public_notices import PublicNoticeTask
from app.services.public_notice_letters import PublicNoticeSender
from app.worker.context import Payload, TaskContext, TaskHandler


def sender(context: TaskContext) -> PublicNoticeSender:
    """Writes the mails."""
    return PublicNoticeSender(context.transaction, context.keyring, context.letterhead)


async def receipt(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails the receipt of the notice ``report_id``."""
    return await sender(context).receipt(UUID(payload["report_id"]))


async def decision(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails the decision ``decision_id`` about a notice."""
    return await sender(context).decision(UUID(payload["decision_id"]))


HANDLERS = {
    PublicNoticeTask.RECEIPT: TaskHandler(receipt),
    PublicNoticeTask.DECISION: TaskHandler(decision),
}
