"""API keys for programs that act for their owner."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.api_keys import ApiKeyReader, ApiKeyService
from app.api.dependencies.authentication import Caller, RecentCaller, Token
from app.db.models.api_keys import (
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyPublic,
)
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.sessions import StepUpNeeded
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import model_response
from app.http.transactions import SecretRoute

TAG = Tag("api-keys", "Keys for programs")

router = APIRouter(prefix="/users/me/api-keys", tags=[TAG.name], route_class=SecretRoute)


@router.post(
    "",
    status_code=201,
    summary="Make an API key",
    response_model=ApiKeyCreated,
    responses=problems(ApiKeyService.make, StepUpNeeded),
)
async def make_api_key(
    draft: ApiKeyCreate, caller: RecentCaller, token: Token, keys: ApiKeyService, request: Request
) -> Response:
    """Creates a key for a program that acts for the caller within the scopes of the key.

    Only this response contains the key. Keys give no access to the account itself, to logins and
    to keys. The caller is notified by mail.
    """
    made = await keys.make(caller, token, draft)
    return model_response(made, 201, {"Location": f"{request.scope['path']}/{made.id}"})


@router.get(
    "",
    summary="Own API keys",
    response_model=PagePublic[ApiKeyPublic],
    responses=problems(),
)
async def list_own_api_keys(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    keys: ApiKeyReader,
    listing: ListingOf,
) -> Response:
    """The caller's keys that have not expired, newest first."""
    return listing.answer(await keys.own(caller, listing.part(parameters)))


@router.delete(
    "/{key_id}",
    status_code=204,
    summary="Delete an API key",
    responses=problems(ApiKeyService.delete),
)
async def delete_api_key(key_id: UUID, caller: Caller, keys: ApiKeyService) -> Response:
    """Deletes a key, with immediate effect."""
    await keys.delete(caller, key_id)
    return Response(status_code=204)
