"""Threads: the list of them, and how far they were read."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.threads import ThreadFilters, ThreadKey, ThreadReadMarkUpdate
from app.db.repositories.threads import ThreadReader
from app.services.threads import ThreadService
from app.web.pages.messages import THREAD, show_thread
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.threads import LIST, THREADS, Thread
from app.web.visits import Visit

SAID = {"thread_read": N_("The messages are marked as read.")}

pages = Pages()


@dataclass(frozen=True)
class ThreadsPage(Template, file="threads/list.html"):
    """The threads of the caller.

    Args:
        threads: The threads.
        more: The address of the next page.
        filters: The role of the caller in them.
    """

    threads: list[Thread]
    more: str | None
    filters: ThreadFilters


@pages.get(LIST)
async def show_threads(visit: Visit) -> Response:
    """The threads of the caller, unread ones first."""
    filters = visit.filters(ThreadFilters, visit.asked())
    part = visit.listing.part(filters)
    page = await ThreadReader(visit.reads).own(visit.caller, filters.role, part)
    threads = THREADS.validate_json(json_list(page))
    return visit.page(ThreadsPage(threads, visit.more(page), filters))


@pages.post(f"{THREAD}/read-mark", again=show_thread)
async def mark_read(visit: Visit, cleaning_id: UUID, cleaner_id: UUID) -> Response:
    """Marks the messages as read that the caller has seen."""
    key, mark = ThreadKey(cleaning_id, cleaner_id), visit.read(ThreadReadMarkUpdate)
    user = await visit.user()
    await ThreadReader(visit.transaction).one(visit.caller, key)
    await ThreadService(visit.transaction).mark_read(user, key, mark.number)
    return visit.see(f"{LIST}/{cleaning_id}/{cleaner_id}", "thread_read")
