"""Evaluations of cleaners and of owners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.evaluations import EvaluationReader, EvaluationService
from app.db.models.evaluations import (
    EvaluationCreate,
    EvaluationFilters,
    EvaluationPublic,
    EvaluationStats,
    RatingFilters,
)
from app.db.models.fields import PersonName
from app.db.models.pages import PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import item_response, model_response
from app.http.transactions import TransactionalRoute

TAG = Tag("evaluations", "What the two sides of a booking say of each other")

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "/cleanings/{cleaning_id}/bookings/{booking_id}/evaluation",
    status_code=201,
    summary="Evaluate the other side",
    response_model=EvaluationPublic,
    responses=problems(EvaluationService.evaluate),
)
async def evaluate_booking(
    cleaning_id: UUID,
    booking_id: UUID,
    draft: EvaluationCreate,
    caller: Caller,
    token: Token,
    evaluations: EvaluationService,
    shown: EvaluationReader,
    request: Request,
) -> Response:
    """Evaluates the other side of a finished booking, once."""
    await evaluations.evaluate(caller, cleaning_id, booking_id, draft)
    return item_response(
        await shown.own(token, cleaning_id, booking_id), created_at=request.scope["path"]
    )


@router.get(
    "/cleanings/{cleaning_id}/bookings/{booking_id}/evaluation",
    summary="Own evaluation of a booking",
    response_model=EvaluationPublic,
    responses=problems(EvaluationReader.own),
)
async def read_evaluation(
    cleaning_id: UUID, booking_id: UUID, caller: Token, evaluations: EvaluationReader
) -> Response:
    """The evaluation by the caller."""
    return item_response(await evaluations.own(caller, cleaning_id, booking_id))


@router.get(
    "/profiles/{username}/evaluations",
    summary="Evaluations of a user",
    response_model=PagePublic[EvaluationPublic],
    responses=problems(EvaluationReader.of_subject),
)
async def list_evaluations(
    username: PersonName,
    filters: Annotated[EvaluationFilters, Query()],
    caller: Token,
    evaluations: EvaluationReader,
    listing: ListingOf,
) -> Response:
    """The evaluations of a user as a cleaner or as an owner; newest first."""
    page = await evaluations.of_subject(caller, username, filters.role, listing.part(filters))
    return listing.answer(page)


@router.get(
    "/profiles/{username}/evaluations/stats",
    summary="Ratings of a user, summed up",
    response_model=EvaluationStats,
    responses=problems(EvaluationReader.stats),
)
async def read_evaluation_stats(
    username: PersonName,
    caller: Token,
    evaluations: EvaluationReader,
    filters: Annotated[RatingFilters, Query()],
) -> Response:
    """The number of evaluations and their averages."""
    return model_response(await evaluations.stats(caller, username, filters.role))
