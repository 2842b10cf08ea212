"""Cleaning jobs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.cleanings import (
    CleaningReader,
    CleaningService,
    MarketCurrency,
    MarketLanguages,
)
from app.db.models.cleaning_shapes import Cancellation, CleaningPublic
from app.db.models.listings import CleaningFilters
from app.db.models.offers import CleaningDetail
from app.db.models.pages import PageParameters, PagePublic, SearchPagePublic
from app.db.models.terms import CleaningCreate, CleaningRevisionPublic, CleaningUpdate
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("cleanings", "Cleaning jobs")

router = APIRouter(prefix="/cleanings", tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "",
    status_code=201,
    summary="Post a job",
    response_model=CleaningDetail,
    responses=problems(CleaningService.post),
)
async def post_cleaning(
    draft: CleaningCreate,
    token: Token,
    cleanings: CleaningService,
    shown: CleaningReader,
    currency: MarketCurrency,
    languages: MarketLanguages,
    request: Request,
) -> Response:
    """Posts a job, which is then open for offers, until its start if it has one.

    A job that is not booked by its start expires. Its start lies in the future when it is posted.
    """
    cleaning = await cleanings.post(token, draft, currency, languages.default)
    return item_response(
        await shown.one(token, cleaning.id), created_at=f"{request.scope['path']}/{cleaning.id}"
    )


@router.get(
    "",
    summary="Browse and search jobs",
    response_model=SearchPagePublic[CleaningPublic],
    responses=problems(),
)
async def browse_cleanings(
    filters: Annotated[CleaningFilters, Query()],
    caller: Token,
    cleanings: CleaningReader,
    currency: MarketCurrency,
    languages: MarketLanguages,
    listing: ListingOf,
) -> Response:
    """The jobs that match all filters: open ones, newest first, unless something else is said.

    A search (`q`) that finds nothing is repeated with the last word as the beginning of a word, if
    it has three letters or more. If it still finds nothing, `hint` gives the reason.
    """
    page = await cleanings.browse(caller, filters, listing.part(filters), currency, languages)
    return listing.answer_search(page)


@router.get(
    "/{cleaning_id}",
    summary="A job",
    response_model=CleaningDetail,
    responses=problems(CleaningReader.one),
)
async def read_cleaning(cleaning_id: UUID, caller: Token, cleanings: CleaningReader) -> Response:
    """A job: with the caller's own offer, or, for its owner, the number of offers by state."""
    return item_response(await cleanings.one(caller, cleaning_id))


@router.patch(
    "/{cleaning_id}",
    summary="Edit a job",
    response_model=CleaningDetail,
    responses=problems(CleaningService.edit),
)
async def edit_cleaning(
    cleaning_id: UUID,
    changes: CleaningUpdate,
    caller: LockedCaller,
    token: Token,
    expected: IfMatch,
    cleanings: CleaningService,
    shown: CleaningReader,
) -> Response:
    """Changes the terms of an open job. Offers that were made before must be renewed then.

    A job that has expired takes changes only together with a new start, which opens it again. The
    language is not a term: its change alone leaves no earlier revision and outdates no offer.
    """
    await cleanings.edit(caller, cleaning_id, changes, expected)
    return item_response(await shown.one(token, cleaning_id))


@router.delete(
    "/{cleaning_id}",
    status_code=204,
    summary="Delete a job",
    responses=problems(CleaningService.delete),
)
async def delete_cleaning(
    cleaning_id: UUID, caller: Caller, expected: IfMatch, cleanings: CleaningService
) -> Response:
    """Deletes a job that was never booked."""
    await cleanings.delete(caller, cleaning_id, expected)
    return Response(status_code=204)


@router.post(
    "/{cleaning_id}/cancellation",
    summary="Cancel a job",
    response_model=CleaningDetail,
    responses=problems(CleaningService.cancel),
)
async def cancel_cleaning(
    cleaning_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    cleanings: CleaningService,
    shown: CleaningReader,
    cancellation: Cancellation | None = None,
) -> Response:
    """Closes a job for good: its offers end, and a booking that is scheduled is cancelled.

    From its start on, neither a job nor its booking can be cancelled.
    """
    reason = cancellation.reason if cancellation else None
    await cleanings.cancel(caller, cleaning_id, reason, expected)
    return item_response(await shown.one(token, cleaning_id))


@router.get(
    "/{cleaning_id}/revisions",
    summary="Earlier wordings of a job",
    response_model=PagePublic[CleaningRevisionPublic],
    responses=problems(CleaningReader.revisions),
)
async def list_cleaning_revisions(
    cleaning_id: UUID,
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    cleanings: CleaningReader,
    listing: ListingOf,
) -> Response:
    """The earlier revisions of a job, with the editor and the time of each change; newest first."""
    page = await cleanings.revisions(caller, cleaning_id, listing.part(parameters))
    return listing.answer(page)
