"""The use cases of failed tasks."""

from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.kinds.tasks import TaskAction
from app.db.models.tasks import TaskNotFound
from app.db.repositories.audit import AuditRepository
from app.db.repositories.tasks import TaskRepository
from app.postgres.transactions import Transaction


class TaskService:
    """Retries and discards failed tasks, and records both in the audit.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._audit = AuditRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._client = client

    @raises(TaskNotFound)
    async def retry(self, caller: Bearer, task_id: UUID) -> None:
        """Returns a failed task to the queue, due at once, with all of its attempts."""
        kind = await self._tasks.retry_failed(task_id)
        self._record(TaskAction.TASK_RETRIED, caller, task_id, kind)

    @raises(TaskNotFound)
    async def discard(self, caller: Bearer, task_id: UUID) -> None:
        """Deletes a failed task."""
        kind = await self._tasks.discard_failed(task_id)
        self._record(TaskAction.TASK_DISCARDED, caller, task_id, kind)

    def _record(self, action: TaskAction, caller: Bearer, task_id: UUID, kind: str) -> None:
        self._audit.record(
            action, self._client, actor_id=caller.user_id, task_id=str(task_id), kind=kind
        )
