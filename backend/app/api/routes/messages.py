"""Messages between the customer and the cleaner of a job or an order."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.api.dependencies.authentication import FOR_STAFF, LockedCaller, Staff, Token
from app.api.dependencies.messages import MessageReader, MessageService
from app.api.dependencies.threads import THREADED, Threaded
from app.api.dependencies.uploads import PhotoFileReader
from app.api.routes.threads import TAG
from app.db.models.messages import (
    FlaggedMessage,
    MessageCreate,
    MessagePublic,
    MessageUpdate,
)
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.photos import MESSAGE_PATH
from app.db.models.question_shapes import VersionPublic
from app.db.models.threads import MOST_MESSAGES, ThreadKey
from app.http.pagination import ListingOf
from app.http.photo_files import MEDIA_TYPE, photo_response
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import RecordedRoute, TransactionalRoute

Number = Annotated[int, Path(ge=1, le=MOST_MESSAGES)]
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}

router = APIRouter(route_class=TransactionalRoute)


def add_routes(threaded: Threaded) -> None:
    """Adds the routes of the messages about one kind of thing."""
    path = threaded.messages
    thread_key = Annotated[ThreadKey, Depends(threaded.get_key)]

    @router.post(
        path,
        status_code=201,
        name=f"send_{threaded.prefix}message",
        tags=[TAG.name],
        summary=f"Send a message in {threaded.noun}",
        response_model=MessagePublic,
        responses=problems(MessageService.send),
    )
    async def send_message(
        key: thread_key,
        draft: MessageCreate,
        caller: LockedCaller,
        token: Token,
        messages: MessageService,
        shown: MessageReader,
        request: Request,
    ) -> Response:
        """Sends a message to the other side of a thread.

        Contact details are sent; before a booking, `warnings` names their kinds, and staff sees the
        message. Up to four uploads are shown with it, to the two sides only.
        """
        message = await messages.send(caller, key, draft)
        return item_response(
            await shown.one(token, key, message.number),
            created_at=f"{request.scope['path']}/{message.number}",
        )

    @router.get(
        path,
        name=f"list_{threaded.prefix}messages",
        tags=[TAG.name],
        summary=f"Messages of {threaded.noun}",
        response_model=PagePublic[MessagePublic],
        responses=problems(MessageReader.page),
    )
    async def list_messages(
        key: thread_key,
        parameters: Annotated[PageParameters, Query()],
        caller: Token,
        shown: MessageReader,
        listing: ListingOf,
    ) -> Response:
        """The messages of a thread, newest first."""
        return listing.answer(await shown.page(caller, key, listing.part(parameters)))

    @router.get(
        f"{path}/{{number}}",
        name=f"read_{threaded.prefix}message",
        tags=[TAG.name],
        summary=f"A message of {threaded.noun}",
        response_model=MessagePublic,
        responses=problems(MessageReader.one),
    )
    async def read_message(
        key: thread_key, number: Number, caller: Token, shown: MessageReader
    ) -> Response:
        """A message of a thread."""
        return item_response(await shown.one(caller, key, number))

    @router.patch(
        f"{path}/{{number}}",
        name=f"edit_{threaded.prefix}message",
        tags=[TAG.name],
        summary=f"Edit a message of {threaded.noun}",
        response_model=MessagePublic,
        responses=problems(MessageService.edit),
    )
    async def edit_message(
        key: thread_key,
        number: Number,
        changes: MessageUpdate,
        caller: LockedCaller,
        token: Token,
        expected: IfMatch,
        messages: MessageService,
        shown: MessageReader,
    ) -> Response:
        """Changes the text of an own message within 15 minutes.

        Both sides see its earlier versions.
        """
        await messages.edit(caller, key, number, changes, expected)
        return item_response(await shown.one(token, key, number))

    @router.get(
        f"{path}/{{number}}/versions",
        name=f"list_{threaded.prefix}message_versions",
        tags=[TAG.name],
        summary=f"Versions of a message of {threaded.noun}",
        response_model=PagePublic[VersionPublic],
        responses=problems(MessageReader.versions),
    )
    async def list_message_versions(
        key: thread_key,
        number: Number,
        parameters: Annotated[PageParameters, Query()],
        caller: Token,
        shown: MessageReader,
        listing: ListingOf,
    ) -> Response:
        """All versions of a message, newest first.

        There is none if the account of the sender was deleted.
        """
        part = listing.part(parameters)
        return listing.answer(await shown.versions(caller, key, number, part))


for each in THREADED:
    add_routes(each)


@router.get(
    f"{MESSAGE_PATH}{{name}}",
    tags=[TAG.name],
    summary="A photo of a message",
    response_class=Response,
    responses=FILE | problems(PhotoFileReader.demand_of_message),
)
async def read_message_photo(
    name: UUID, caller: Token, files: PhotoFileReader, request: Request
) -> Response:
    """The file of a photo of a message, in WebP.

    It is for the two sides of the thread, and for a member of staff whose reading of it lasts.
    """
    file = name.hex  # names of files have as many digits as UUIDs
    state = request.app.state
    needed: bool = state.safeguards.staff_needs_second_factor
    await files.demand_of_message(caller, file, staff_needs_second_factor=needed)
    return await photo_response(state.photos, file)


async def review_messages(
    parameters: Annotated[PageParameters, Query()],
    caller: Staff,
    messages: MessageService,
    listing: ListingOf,
) -> Response:
    """The messages with contact details that were sent before a booking, newest first.

    The audit records it.
    """
    return listing.answer(await messages.read_flagged(caller, listing.part(parameters)))


router.add_api_route(
    "/admin/flagged-messages",
    review_messages,
    methods=["GET"],
    tags=["admin"],
    summary="Messages with contact details",
    response_model=PagePublic[FlaggedMessage],
    responses=problems(*FOR_STAFF),
    route_class_override=RecordedRoute,
)
