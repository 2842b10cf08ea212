"""The handler of mails about decisions."""

from uuid import UUID

from app.core.mail import Mail
from app.db.models.kinds.decisions import DecisionTask
from app.services.statement_letters import StatementSender
from app.worker.context import Payload, TaskContext, TaskHandler


async def block_statement(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails the reasons of the decision ``decision_id`` to its author, who can't log in."""
    sender = StatementSender(context.transaction, context.keyring, context.letterhead)
    return await sender.of_decision(UUID(payload["decision_id"]))


HANDLERS = {DecisionTask.BLOCK_STATEMENT: TaskHandler(block_statement)}
