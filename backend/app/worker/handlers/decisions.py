"""The handler of mails about decisions."""

from uuid import UUID

from app.core.mail import Mail
from app.db.models.kinds.decisions import DecisionTask
from app.services.decision_letters import DecisionSender
from app.worker.context import Payload, TaskContext, TaskHandler


async def block_statement(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails the reasons of the decision ``decision_id`` to the user whose account it blocks."""
    sender = DecisionSender(context.transaction, context.keyring, context.letterhead)
    return await sender.write(UUID(payload["decision_id"]))


HANDLERS = {DecisionTask.BLOCK_STATEMENT: TaskHandler(block_statement)}
