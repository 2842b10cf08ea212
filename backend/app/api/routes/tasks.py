"""Failed background tasks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.tasks import TaskReader, TaskService
from app.db.models.pages import PagePublic
from app.db.models.tasks import FailedTaskPublic, TaskFilters
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.transactions import TransactionalRoute

router = APIRouter(prefix="/admin/failed-tasks", tags=["admin"], route_class=TransactionalRoute)


@router.get(
    "",
    summary="List failed background tasks",
    response_model=PagePublic[FailedTaskPublic],
    responses=problems(*FOR_STAFF),
)
async def list_failed_tasks(
    filters: Annotated[TaskFilters, Query()], caller: Staff, tasks: TaskReader, listing: ListingOf
) -> Response:
    """The background tasks that have failed and are not retried any more, newest first.

    A task is retried for a day before it fails, and is kept for 30 days after that. The payload is
    not shown, since it may contain personal data.
    """
    return listing.answer(await tasks.failed(caller, filters, listing.part(filters)))


@router.post(
    "/{task_id}/retry",
    status_code=204,
    summary="Retry a failed background task",
    responses=problems(*FOR_STAFF, TaskService.retry),
)
async def retry_task(task_id: UUID, caller: Staff, tasks: TaskService) -> Response:
    """Returns a failed task to the queue. It is run at once, and retried like a new one.

    The audit log records it.
    """
    await tasks.retry(caller, task_id)
    return Response(status_code=204)


@router.delete(
    "/{task_id}",
    status_code=204,
    summary="Discard a failed background task",
    responses=problems(*FOR_STAFF, TaskService.discard),
)
async def discard_task(task_id: UUID, caller: Staff, tasks: TaskService) -> Response:
    """Deletes a failed task, which is never run again. The audit log records it."""
    await tasks.discard(caller, task_id)
    return Response(status_code=204)
