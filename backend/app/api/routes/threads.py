"""Threads: the messages between the customer and the cleaner of a job or an order."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.threads import THREADED, Threaded, ThreadReader, ThreadService
from app.db.models.pages import PagePublic
from app.db.models.threads import ThreadFilters, ThreadKey, ThreadPublic, ThreadReadMarkUpdate
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import json_response
from app.http.transactions import TransactionalRoute

TAG = Tag("messages", "Messages between the customer and the cleaner of a job or an order")

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


def add_routes(threaded: Threaded) -> None:
    """Adds the routes of the threads about one kind of thing."""
    thread_key = Annotated[ThreadKey, Depends(threaded.get_key)]

    @router.get(
        threaded.path,
        name=f"read_{threaded.prefix}thread",
        summary=threaded.noun.capitalize(),
        response_model=ThreadPublic,
        responses=problems(ThreadReader.one),
    )
    async def read_thread(key: thread_key, caller: Token, threads: ThreadReader) -> Response:
        """The state of a thread.

        There is one for each cleaner who has made an offer for a job, and one for each order. That
        of an order goes on as that of its job.
        """
        return json_response(await threads.one(caller, key))

    @router.put(
        f"{threaded.path}/read-mark",
        name=f"set_{threaded.prefix}thread_read_mark",
        summary=f"Mark messages of {threaded.noun} as read",
        response_model=ThreadPublic,
        responses=problems(ThreadReader.one),
    )
    async def set_thread_read_mark(
        key: thread_key,
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


for each in THREADED:
    add_routes(each)
