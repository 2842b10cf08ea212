"""The handlers of tasks.

Each feature registers the handlers of its kinds of tasks in the file of its name in this folder, as
``HANDLERS``. `registered` concatenates them. To add a kind:

1. name it in a subclass of `app.db.models.kinds.TaskKind`, in ``app/db/models/kinds``;
2. write a handler, and register it in the file of the feature;
3. call `TaskRepository.enqueue` in the transaction of the change that the task belongs to.

No migration is needed, and a worker leaves tasks alone whose kind it does not know.
"""

from collections.abc import Mapping

from app.core.features import modules
from app.worker.context import TaskHandler


def registered() -> Mapping[str, TaskHandler]:
    """The handlers of all features, by the kind of the task."""
    return {
        kind: handler for module in modules(__name__) for kind, handler in module.HANDLERS.items()
    }
