"""The reader and the service of threads, as dependencies of routes."""

from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.models.threads import ThreadKey
from app.db.repositories import threads as repositories
from app.http.fastpath.early import early
from app.services import threads as services


@early
async def get_cleaning_thread(cleaning_id: UUID, cleaner_id: UUID) -> ThreadKey:
    """The key in the path of a thread of a job."""
    return ThreadKey(cleaning_id, cleaner_id)


@early
async def get_order_thread(order_id: UUID) -> ThreadKey:
    """The key in the path of the thread of an order."""
    return ThreadKey(order_id)


class Threaded(NamedTuple):
    """A kind of thing that threads are about.

    Args:
        noun: The thread in summaries.
        path: The path of a thread.
        messages: The path of its messages.
        prefix: The prefix of the names of its operations.
        get_key: The dependency that reads the key of a thread in a path.
    """

    noun: str
    path: str
    messages: str
    prefix: str
    get_key: Callable[..., Awaitable[ThreadKey]]


THREADED = (
    Threaded(
        "a thread",
        "/cleanings/{cleaning_id}/threads/{cleaner_id}",
        "/cleanings/{cleaning_id}/threads/{cleaner_id}/messages",
        "",
        get_cleaning_thread,
    ),
    Threaded(
        "the thread of an order",
        "/orders/{order_id}/thread",
        "/orders/{order_id}/messages",
        "order_",
        get_order_thread,
    ),
)

ThreadReader = Annotated[repositories.ThreadReader, Depends(reader(repositories.ThreadReader))]
ThreadService = Annotated[services.ThreadService, Depends(service(services.ThreadService))]
