"""Failed background tasks: staff retries or discards them."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.tasks import TaskFilters
from app.db.repositories.tasks import TaskReader
from app.services.tasks import TaskService
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.tasks import TASKS, FailedTask
from app.web.visits import Visit

LIST = "/staff/tasks"
TASK = f"{LIST}/{{task_id:uuid}}"

SAID = {
    "task_retried": N_("The task runs again."),
    "task_discarded": N_("The task is discarded."),
}

pages = Pages(Access.STAFF)


@dataclass(frozen=True)
class TasksPage(Template, file="tasks/list.html"):
    """The failed tasks.

    Args:
        tasks: The tasks.
        more: The address of the next page.
    """

    tasks: list[FailedTask]
    more: str | None


@dataclass(frozen=True)
class DiscardPage(Template, file="tasks/discard.html"):
    """The question whether to discard a task.

    Args:
        form: The form, which has no fields.
    """

    form: Form


@pages.get(LIST)
async def show_tasks(visit: Visit) -> Response:
    """The failed tasks, newest first."""
    filters = visit.filters(TaskFilters, visit.asked())
    page = await TaskReader(visit.reads).failed(visit.caller, filters, visit.listing.part(filters))
    return visit.page(TasksPage(TASKS.validate_json(json_list(page)), visit.more(page)))


@pages.post(f"{TASK}/retry")
async def retry_task(visit: Visit, task_id: UUID) -> Response:
    """Returns a task to the queue."""
    await TaskService(visit.transaction, visit.client).retry(visit.caller, task_id)
    return visit.see(LIST, "task_retried")


@pages.get(f"{TASK}/discarding")
async def show_discarding(visit: Visit, task_id: UUID) -> Response:
    """The question whether to discard a task."""
    return visit.page(DiscardPage(visit.form_at(f"{LIST}/{task_id}/discarding")))


@pages.post(f"{TASK}/discarding")
async def discard_task(visit: Visit, task_id: UUID) -> Response:
    """Deletes a task."""
    await TaskService(visit.transaction, visit.client).discard(visit.caller, task_id)
    return visit.see(LIST, "task_discarded")
