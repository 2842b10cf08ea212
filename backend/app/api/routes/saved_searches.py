"""Saved searches: filters of jobs, whose users are told of new jobs that match."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.saved_searches import SavedSearchReader, SavedSearchService
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.saved_searches import (
    SavedSearchCreate,
    SavedSearchFields,
    SavedSearchPublic,
    SavedSearchUpdate,
)
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("saved-searches", "Filters of jobs, whose users are told of new jobs that match")

router = APIRouter(prefix="/saved-searches", tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "",
    status_code=201,
    summary="Save a search",
    response_model=SavedSearchPublic,
    responses=problems(SavedSearchService.save),
)
async def save_search(
    draft: SavedSearchCreate,
    caller: LockedCaller,
    token: Token,
    searches: SavedSearchService,
    shown: SavedSearchReader,
    request: Request,
) -> Response:
    """Has the caller told of new jobs that match all filters, by notifications.

    A search has words, an area or a category. A job is compared with it once, as it is posted, in
    the same way as when open jobs are browsed. If it matches the searches of more than 1,000 users,
    it tells as many, who are chosen by chance.
    """
    search = await searches.save(caller, draft)
    path = f"{request.scope['path']}/{search.id}"
    return item_response(await shown.one(token, search.id), created_at=path)


@router.get(
    "",
    summary="Own saved searches",
    response_model=PagePublic[SavedSearchFields],
    responses=problems(),
)
async def list_saved_searches(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    searches: SavedSearchReader,
    listing: ListingOf,
) -> Response:
    """The caller's saved searches, newest first."""
    return listing.answer(await searches.own(caller, listing.part(parameters)))


@router.get(
    "/{search_id}",
    summary="A saved search",
    response_model=SavedSearchPublic,
    responses=problems(SavedSearchReader.one),
)
async def read_saved_search(
    search_id: UUID, caller: Token, searches: SavedSearchReader
) -> Response:
    """A saved search of the caller."""
    return item_response(await searches.one(caller, search_id))


@router.patch(
    "/{search_id}",
    summary="Change a saved search",
    response_model=SavedSearchPublic,
    responses=problems(SavedSearchService.edit),
)
async def edit_saved_search(
    search_id: UUID,
    changes: SavedSearchUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    searches: SavedSearchService,
    shown: SavedSearchReader,
) -> Response:
    """Changes filters or the name. Jobs that were posted before are not compared with it again."""
    await searches.edit(caller, search_id, changes, expected)
    return item_response(await shown.one(token, search_id))


@router.delete(
    "/{search_id}",
    status_code=204,
    summary="Delete a saved search",
    responses=problems(SavedSearchService.delete),
)
async def delete_saved_search(
    search_id: UUID, caller: Caller, searches: SavedSearchService
) -> Response:
    """Deletes a saved search. Notifications of jobs that it has found stay."""
    await searches.delete(caller, search_id)
    return Response(status_code=204)
