"""The handler of mails about acts of staff on accounts."""

from uuid import UUID

from app.core.mail import Mail
from app.db.models.kinds.administration import AdministrationTask
from app.services.statement_letters import StatementSender
from app.worker.context import Payload, TaskContext, TaskHandler


async def restriction_statement(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails the reasons of the act of the event ``event_id`` to the user it restricts."""
    sender = StatementSender(context.transaction, context.keyring, context.letterhead)
    return await sender.of_act(UUID(payload["event_id"]))


HANDLERS = {AdministrationTask.RESTRICTION_STATEMENT: TaskHandler(restriction_statement)}
