"""The interface of task handlers.

A handler reads what it needs when the task runs, not when it is enqueued: so the response of a
request tells nothing about what was found, and the payload holds no data that may be erased in the
meantime. A handler changes data through its transaction only. Everything else, such as sending
mail, it returns as effects, which are carried out after the transaction is committed. A handler may
be called again for the same task after a failure, even if some of its effects were carried out.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.core.config import Settings
from app.core.security.keys import Keyring
from app.db.models.tasks import DEFAULT_RETRY, RetryPolicy
from app.db.repositories.tasks import TaskRepository
from app.postgres.transactions import Transaction
from app.services.letters import Letterhead
from app.worker.effects import Effect


@dataclass(frozen=True, slots=True)
class TaskContext:
    """The objects that a handler works with.

    Args:
        transaction: The unit of work of the task.
        settings: The settings of the installation.
    """

    transaction: Transaction
    settings: Settings

    @property
    def keyring(self) -> Keyring:
        """The secret keys, which sign links."""
        return Keyring(*self.settings.secret_keys)

    @property
    def letterhead(self) -> Letterhead:
        """The market as its letters show it."""
        return Letterhead.of(self.settings)

    @property
    def tasks(self) -> TaskRepository:
        """The queue, to enqueue further tasks in the same transaction."""
        return TaskRepository(self.transaction)


Payload: TypeAlias = dict[str, Any]
Run: TypeAlias = Callable[[TaskContext, Payload], Awaitable[Sequence[Effect]]]


@dataclass(frozen=True, slots=True)
class TaskHandler:
    """How tasks of a kind are carried out.

    Args:
        run: Does the work in the transaction of the context, and returns the effects.
        limit: How many tasks of the kind may run at once in the cluster; None for any number.
        retry: How often and when a failed attempt is repeated.
        cron: When a task of the kind is enqueued by the clock, as in crontab(5), in UTC.
    """

    run: Run
    limit: int | None = None
    retry: RetryPolicy = DEFAULT_RETRY
    cron: str | None = None
