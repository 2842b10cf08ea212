"""Messages: reading a thread, writing to the other side, and changing what was written."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.messages import (
    MessageCreate,
    MessageNotEditable,
    MessageUpdate,
    NotSender,
)
from app.db.models.pages import PageParameters
from app.db.models.photos import MOST_OF_MESSAGE
from app.db.models.threads import ThreadKey
from app.db.repositories.messages import MessageReader
from app.db.repositories.threads import ThreadReader
from app.services.messages import MessageService
from app.web.forms import Form
from app.web.pages.photos import TYPES, make_uploads
from app.web.pages.question_versions import versions_page
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.thread_readings import FLAGGED, FlaggedMessage
from app.web.views.threads import LIST, MESSAGES, Message, Thread
from app.web.visits import Visit

THREAD = f"{LIST}/{{cleaning_id:uuid}}/{{cleaner_id:uuid}}"

MESSAGE = f"{THREAD}/{{number:number}}"

SAID = {
    "message_sent": N_("Your message is sent."),
    "message_edited": N_("Your message is changed."),
}

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


@dataclass(frozen=True)
class PhotosFormPage(Template, file="threads/photos.html"):
    """The form of a new message with photos.

    Args:
        thread: The path of the thread.
        form: The text and the pictures.
        most: How many pictures it may have.
        types: The types of files.
    """

    thread: str
    form: Form
    most: int = MOST_OF_MESSAGE
    types: str = TYPES


@dataclass(frozen=True)
class MessageFormPage(Template, file="threads/edit.html"):
    """The form that changes a message.

    Args:
        thread: The path of the thread.
        form: The text.
    """

    thread: str
    form: Form


@dataclass(frozen=True)
class FlaggedPage(Template, file="threads/flagged.html"):
    """The messages with contact details, for staff.

    Args:
        messages: The messages.
        more: The address of the next page.
    """

    messages: list[FlaggedMessage]
    more: str | None


@pages.get("/staff/flagged-messages", Access.STAFF, is_recorded=True)
async def show_flagged(visit: Visit) -> Response:
    """The messages with contact details that were sent before a booking, newest first."""
    part = visit.listing.part(visit.filters(PageParameters, visit.asked()))
    page = await message_service(visit).read_flagged(visit.caller, part)
    return visit.page(FlaggedPage(FLAGGED.validate_json(json_list(page)), visit.more(page)))


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
    await message_service(visit).send(
        await visit.locked_user(), ThreadKey(cleaning_id, cleaner_id), draft
    )
    return visit.see(f"{LIST}/{cleaning_id}/{cleaner_id}", "message_sent")


@pages.get(f"{THREAD}/photos")
async def show_photos_form(visit: Visit, cleaning_id: UUID, cleaner_id: UUID) -> Response:
    """The form of a new message with photos."""
    item = await ThreadReader(visit.reads).one(visit.caller, ThreadKey(cleaning_id, cleaner_id))
    thread = Thread.model_validate_json(item).path
    return visit.page(PhotosFormPage(thread, visit.form_at(f"{thread}/photos")))


@pages.post(f"{THREAD}/photos", again=show_photos_form, most_files=MOST_OF_MESSAGE)
async def send_photos(visit: Visit, cleaning_id: UUID, cleaner_id: UUID) -> Response:
    """Sends a message with photos."""
    user, key = await visit.locked_user(), ThreadKey(cleaning_id, cleaner_id)
    draft = visit.read(MessageCreate, photos=await make_uploads(visit))
    await message_service(visit).send(user, key, draft)
    return visit.see(f"{LIST}/{cleaning_id}/{cleaner_id}", "message_sent")


@pages.get(f"{MESSAGE}/edit")
async def show_form(visit: Visit, cleaning_id: UUID, cleaner_id: UUID, number: int) -> Response:
    """The form that changes a message.

    Raises:
        NotSender: The other side has sent it.
        MessageNotEditable: It was sent too long ago.
    """
    key = ThreadKey(cleaning_id, cleaner_id)
    item = await MessageReader(visit.reads).one(visit.caller, key, number)
    message = Message.model_validate_json(item.json)
    if message.sender_id != visit.caller.user_id:
        raise NotSender
    if not message.is_editable:
        raise MessageNotEditable
    form = visit.form_at(visit.path, {"text": message.text}, item.version)
    return visit.page(MessageFormPage(f"{LIST}/{cleaning_id}/{cleaner_id}", form))


@pages.post(f"{MESSAGE}/edit", again=show_form)
async def edit_message(visit: Visit, cleaning_id: UUID, cleaner_id: UUID, number: int) -> Response:
    """Changes a message."""
    changes = visit.read(MessageUpdate, needed=("text",))
    key = ThreadKey(cleaning_id, cleaner_id)
    user = await visit.locked_user()
    await message_service(visit).edit(user, key, number, changes, visit.seen)
    return visit.see(f"{LIST}/{cleaning_id}/{cleaner_id}", "message_edited")


@pages.get(f"{MESSAGE}/versions")
async def show_versions(visit: Visit, cleaning_id: UUID, cleaner_id: UUID, number: int) -> Response:
    """The versions of a message."""
    key, part = ThreadKey(cleaning_id, cleaner_id), visit.listing.part(PageParameters())
    page = await MessageReader(visit.reads).versions(visit.caller, key, number, part)
    return versions_page(visit, page, f"{LIST}/{cleaning_id}/{cleaner_id}")


def message_service(visit: Visit) -> MessageService:
    """The use cases of messages."""
    return MessageService(visit.transaction, visit.client, visit.safeguards)
