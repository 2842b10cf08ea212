"""Messages between the customer and the cleaner of a job."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.dependencies.authentication import FOR_STAFF, Caller, Staff, Token
from app.api.dependencies.messages import MessageReader, MessageService
from app.api.dependencies.threads import ThreadInPath
from app.api.routes.threads import PATH as THREAD
from app.api.routes.threads import TAG
from app.db.models.messages import (
    FlaggedMessage,
    MessageCreate,
    MessagePublic,
    MessageUpdate,
)
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.question_shapes import VersionPublic
from app.db.models.threads import MOST_MESSAGES
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import RecordedRoute, TransactionalRoute

PATH = f"{THREAD}/messages"
Number = Annotated[int, Path(ge=1, le=MOST_MESSAGES)]

router = APIRouter(route_class=TransactionalRoute)


@router.post(
    PATH,
    status_code=201,
    tags=[TAG.name],
    summary="Send a message",
    response_model=MessagePublic,
    responses=problems(MessageService.send),
)
async def send_message(
    key: ThreadInPath,
    draft: MessageCreate,
    caller: Caller,
    token: Token,
    messages: MessageService,
    shown: MessageReader,
    request: Request,
) -> Response:
    """Sends a message to the other side of a thread.

    Contact details are sent; before a booking, `warnings` names their kinds, and staff sees the
    message.
    """
    message = await messages.send(caller, key, draft)
    return item_response(
        await shown.one(token, key, message.number),
        created_at=f"{request.scope['path']}/{message.number}",
    )


@router.get(
    PATH,
    tags=[TAG.name],
    summary="Messages of a thread",
    response_model=PagePublic[MessagePublic],
    responses=problems(MessageReader.page),
)
async def list_messages(
    key: ThreadInPath,
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    shown: MessageReader,
    listing: ListingOf,
) -> Response:
    """The messages of a thread, newest first."""
    return listing.answer(await shown.page(caller, key, listing.part(parameters)))


@router.get(
    f"{PATH}/{{number}}",
    tags=[TAG.name],
    summary="A message",
    response_model=MessagePublic,
    responses=problems(MessageReader.one),
)
async def read_message(
    key: ThreadInPath, number: Number, caller: Token, shown: MessageReader
) -> Response:
    """A message of a thread."""
    return item_response(await shown.one(caller, key, number))


@router.patch(
    f"{PATH}/{{number}}",
    tags=[TAG.name],
    summary="Edit a message",
    response_model=MessagePublic,
    responses=problems(MessageService.edit),
)
async def edit_message(
    key: ThreadInPath,
    number: Number,
    changes: MessageUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    messages: MessageService,
    shown: MessageReader,
) -> Response:
    """Changes the text of an own message within 15 minutes. Both sides see its earlier versions."""
    await messages.edit(caller, key, number, changes, expected)
    return item_response(await shown.one(token, key, number))


@router.get(
    f"{PATH}/{{number}}/versions",
    tags=[TAG.name],
    summary="Versions of a message",
    response_model=PagePublic[VersionPublic],
    responses=problems(MessageReader.versions),
)
async def list_message_versions(
    key: ThreadInPath,
    number: Number,
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    shown: MessageReader,
    listing: ListingOf,
) -> Response:
    """All versions of a message, newest first; none if the account of the sender was deleted."""
    part = listing.part(parameters)
    return listing.answer(await shown.versions(caller, key, number, part))


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
