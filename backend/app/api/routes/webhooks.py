"""Webhooks: URLs of programs that are sent events."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.webhooks import WebhookReader, WebhookService
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.webhook_shapes import (
    WebhookCreate,
    WebhookCreated,
    WebhookFields,
    WebhookPublic,
    WebhookSecret,
    WebhookUpdate,
)
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response, model_response
from app.http.transactions import SecretRoute

TAG = Tag("webhooks", "Events sent to programs")

router = APIRouter(prefix="/webhooks", tags=[TAG.name], route_class=SecretRoute)


@router.post(
    "",
    status_code=201,
    summary="Make a webhook",
    response_model=WebhookCreated,
    responses=problems(WebhookService.make),
)
async def make_webhook(
    draft: WebhookCreate,
    caller: LockedCaller,
    token: Token,
    webhooks: WebhookService,
    request: Request,
) -> Response:
    """Has events sent to a URL, from now on, in their order.

    Only this response contains the secret that messages are signed with. A webhook that an API key
    makes can have types of events only whose subject the key may read, and ends with the key. The
    caller is notified by mail.
    """
    made = await webhooks.make(caller, token, draft)
    return model_response(made, 201, {"Location": f"{request.scope['path']}/{made.id}"})


@router.get(
    "",
    summary="Own webhooks",
    response_model=PagePublic[WebhookFields],
    responses=problems(),
)
async def list_webhooks(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    webhooks: WebhookReader,
    listing: ListingOf,
) -> Response:
    """The caller's webhooks, newest first. An API key sees those that it has made."""
    return listing.answer(await webhooks.own(caller, listing.part(parameters)))


@router.get(
    "/{webhook_id}",
    summary="A webhook",
    response_model=WebhookPublic,
    responses=problems(WebhookReader.one),
)
async def read_webhook(webhook_id: UUID, caller: Token, webhooks: WebhookReader) -> Response:
    """A webhook of the caller."""
    return item_response(await webhooks.one(caller, webhook_id))


@router.patch(
    "/{webhook_id}",
    summary="Change a webhook",
    response_model=WebhookPublic,
    responses=problems(WebhookService.edit),
)
async def edit_webhook(
    webhook_id: UUID,
    changes: WebhookUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    webhooks: WebhookService,
    shown: WebhookReader,
) -> Response:
    """Changes the URL or the types of events, or switches the webhook on or off."""
    await webhooks.edit(caller, token, webhook_id, changes, expected)
    return item_response(await shown.one(token, webhook_id))


@router.delete(
    "/{webhook_id}",
    status_code=204,
    summary="Delete a webhook",
    responses=problems(WebhookService.delete),
)
async def delete_webhook(
    webhook_id: UUID, caller: Caller, token: Token, webhooks: WebhookService
) -> Response:
    """Deletes a webhook, with immediate effect: at most a message that is under way arrives."""
    await webhooks.delete(caller, token, webhook_id)
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/secret",
    summary="Renew the secret of a webhook",
    response_model=WebhookSecret,
    responses=problems(WebhookService.renew_secret),
)
async def renew_webhook_secret(
    webhook_id: UUID, caller: Caller, token: Token, webhooks: WebhookService
) -> Response:
    """Makes a new secret. For 24 hours, messages have a signature with each of both secrets."""
    return model_response(await webhooks.renew_secret(caller, token, webhook_id))
