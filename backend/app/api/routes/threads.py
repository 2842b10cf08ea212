"""Threads: the messages between the customer and the cleaner of a job."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.threads import ThreadInPath, ThreadReader, ThreadService
from app.db.models.pages import PagePublic
from app.db.models.threads import ThreadFilters, ThreadPublic, ThreadReadMarkUpdate
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import json_response
from app.http.transactions import TransactionalRoute

TAG = Tag("messages", "Messages between the customer and the cleaner of a job")
PATH = "/cleanings/{cleaning_id}/threads/{cleaner_id}"

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


@router.get(
    "/threads",
    summary="Own threads",
    response_model=PagePublic[ThreadPublic],
    responses=problems(),
)
async def list_threads(
    filters: Annotated[ThreadFilters, Query()],
    caller: Token,
    threads: ThreadReader,
    listing: ListingOf,
) -> Response:
    """The caller's threads with messages: unread ones first, then the latest message first."""
    return listing.answer(await threads.own(caller, filters.role, listing.part(filters)))


@router.get(
    PATH,
    summary="A thread",
    response_model=ThreadPublic,
    responses=problems(ThreadReader.one),
)
async def read_thread(key: ThreadInPath, caller: Token, threads: ThreadReader) -> Response:
    """The state of a thread. There is one for each cleaner who has made an offer for a job."""
    return json_response(await threads.one(caller, key))


@router.put(
    f"{PATH}/read-mark",
    summary="Mark messages as read",
    response_model=ThreadPublic,
    responses=problems(ThreadReader.one),
)
async def set_thread_read_mark(
    key: ThreadInPath,
    changes: ThreadReadMarkUpdate,
    caller: Caller,
    token: Token,
    threads: ThreadService,
    shown: ThreadReader,
) -> Response:
    """Marks all messages up to a number as read.

    The mark never moves back, so that devices may send it in any order.
    """
    await threads.mark_read(caller, key, changes.number)
    return json_response(await shown.one(token, key))
