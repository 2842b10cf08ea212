"""Readings of threads by staff: because of a report, or for a reason."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.administration import Grounds
from app.db.models.pages import PageParameters
from app.db.models.thread_readings import ThreadReadingCreate
from app.db.repositories.thread_readings import ThreadReadingReader
from app.services.thread_readings import ThreadReadingService
from app.web.acts import Act, act_page
from app.web.logins import there_of
from app.web.pages.reports import CASE
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.thread_readings import READ_MESSAGES, ReadMessage, ThreadReading
from app.web.visits import Visit

READINGS = "/staff/thread-readings"
BEGINNING = "/staff/threads/{cleaning_id:uuid}/{cleaner_id:uuid}/reading"

SAID = {"thread_reading_begun": N_("You can read the thread. Both sides are told of it.")}

pages = Pages(Access.STAFF)


@dataclass(frozen=True)
class ThreadReadingPage(Template, file="thread_readings/show.html"):
    """A thread that the viewer reads, the newest message first.

    Args:
        reading: The reading.
        messages: The messages.
        more: The address of the next page.
    """

    reading: ThreadReading
    messages: list[ReadMessage]
    more: str | None


async def read_for_reason(visit: Visit, cleaning_id: UUID, cleaner_id: UUID) -> Response:
    """Begins to read a thread for a reason."""
    key = {"cleaning_id": cleaning_id, "cleaner_id": cleaner_id}
    draft = ThreadReadingCreate(**key, reason=visit.read(Grounds).reason)
    reading = await service(visit).read_for_reason(visit.caller, draft)
    return visit.see(f"{READINGS}/{reading.id}", "thread_reading_begun")


ACT = Act(
    "reading",
    N_("Read this thread?"),
    N_("You can read all its messages for 24 hours. Both sides are told of it, with your reason."),
    N_("Read"),
    "thread_reading_begun",
    read_for_reason,
)


@pages.get(BEGINNING)
async def ask(visit: Visit, **_: UUID) -> Response:
    """The question whether to read a thread, and for which reason."""
    return act_page(visit, ACT, "", there_of(visit))


pages.post(BEGINNING, again=ask)(read_for_reason)


@pages.post(f"{CASE}/thread-reading")
async def read_for_report(visit: Visit, report_id: UUID) -> Response:
    """Begins to read the thread of a reported message."""
    reading = await service(visit).read_for_report(visit.caller, report_id)
    return visit.see(f"{READINGS}/{reading.id}", "thread_reading_begun")


@pages.get(f"{READINGS}/{{reading_id:uuid}}")
async def show_reading(visit: Visit, reading_id: UUID) -> Response:
    """The messages of a thread, while the reading of the caller lasts."""
    shown, part = ThreadReadingReader(visit.reads), visit.listing.part(PageParameters())
    reading = ThreadReading.model_validate_json((await shown.one(visit.caller, reading_id)).json)
    page = await shown.messages(visit.caller, reading_id, part)
    messages = READ_MESSAGES.validate_json(json_list(page))
    return visit.page(ThreadReadingPage(reading, messages, visit.more(page)))


def service(visit: Visit) -> ThreadReadingService:
    """The use cases of readings."""
    return ThreadReadingService(visit.transaction, visit.client, visit.safeguards)
