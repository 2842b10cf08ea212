"""Messages: reading a thread, and writing to the other side."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.messages import MessageCreate
from app.db.models.pages import PageParameters
from app.db.models.threads import ThreadKey
from app.db.repositories.messages import MessageReader
from app.db.repositories.threads import ThreadReader
from app.services.messages import MessageService
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.threads import LIST, MESSAGES, Message, Thread
from app.web.visits import Visit

THREAD = f"{LIST}/{{cleaning_id:uuid}}/{{cleaner_id:uuid}}"

SAID = {"message_sent": N_("Your message is sent.")}

pages = Pages()


@dataclass(frozen=True)
class ThreadPage(Template, file="threads/show.html"):
    """A thread with its messages, newest first.

    Args:
        thread: The thread.
        messages: The messages.
        more: The address of the next page.
        form: The form of a new message.
    """

    thread: Thread
    messages: list[Message]
    more: str | None
    form: Form


@pages.get(THREAD)
async def show_thread(visit: Visit, cleaning_id: UUID, cleaner_id: UUID) -> Response:
    """The messages of a thread, and the form of a new one."""
    key, part = ThreadKey(cleaning_id, cleaner_id), visit.listing.part(PageParameters())
    item = await ThreadReader(visit.reads).one(visit.caller, key)
    page = await MessageReader(visit.reads).page(visit.caller, key, part)
    thread, messages = Thread.model_validate_json(item), MESSAGES.validate_json(json_list(page))
    return visit.page(ThreadPage(thread, messages, visit.more(page), visit.form_at(thread.path)))


@pages.post(THREAD, again=show_thread)
async def send_message(visit: Visit, cleaning_id: UUID, cleaner_id: UUID) -> Response:
    """Sends a message."""
    draft = visit.read(MessageCreate)
    service = MessageService(visit.transaction, visit.client, visit.safeguards)
    await service.send(await visit.user(), ThreadKey(cleaning_id, cleaner_id), draft)
    return visit.see(f"{LIST}/{cleaning_id}/{cleaner_id}", "message_sent")
