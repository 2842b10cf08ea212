"""Decisions about reports, and appeals against them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import FOR_STAFF, Caller, Staff, Token
from app.api.dependencies.decisions import DecisionReader, DecisionService
from app.api.routes.reports import ADMIN, TAG
from app.db.models.decisions import AppealCreate, DecisionCreate, DecisionPublic
from app.db.models.pages import PageParameters, PagePublic
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import plain_response
from app.http.transactions import TransactionalRoute

router = APIRouter(route_class=TransactionalRoute)


@router.get(
    "/decisions",
    tags=[TAG.name],
    summary="Decisions about one's own",
    response_model=PagePublic[DecisionPublic],
    responses=problems(),
)
async def list_decisions(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    shown: DecisionReader,
    listing: ListingOf,
) -> Response:
    """The decisions of staff about what the caller wrote or showed, newest first."""
    return listing.answer(await shown.own(caller, listing.part(parameters)))


@router.get(
    "/decisions/{decision_id}",
    tags=[TAG.name],
    summary="A decision",
    response_model=DecisionPublic,
    responses=problems(DecisionReader.one),
)
async def read_decision(decision_id: UUID, caller: Token, shown: DecisionReader) -> Response:
    """A decision of staff with its statement of reasons, for both sides of the report."""
    return plain_response(await shown.one(caller, decision_id))


@router.post(
    "/decisions/{decision_id}/appeal",
    tags=[TAG.name],
    summary="Appeal",
    response_model=DecisionPublic,
    responses=problems(DecisionService.appeal),
)
async def appeal(
    decision_id: UUID,
    draft: AppealCreate,
    caller: Caller,
    token: Token,
    decisions: DecisionService,
    shown: DecisionReader,
) -> Response:
    """Has another member of staff decide, within 14 days.

    The author can appeal against a measure, the reporter against a decision to take none.
    """
    await decisions.appeal(caller, decision_id, draft)
    return plain_response(await shown.one(token, decision_id))


@router.post(
    f"{ADMIN}/{{report_id}}/decision",
    tags=["admin"],
    summary="Decide about a report",
    response_model=DecisionPublic,
    responses=problems(*FOR_STAFF, DecisionService.decide),
)
async def decide_report(
    report_id: UUID,
    draft: DecisionCreate,
    caller: Staff,
    decisions: DecisionService,
    shown: DecisionReader,
) -> Response:
    """Decides about a report that no other member of staff has, and carries out the measure.

    Both sides are told of the decision with its reasons; the author only if there is or was a
    measure. A decision about an appeal lifts the earlier measure if it has another one.
    """
    decision = await decisions.decide(caller, report_id, draft)
    return plain_response(await shown.for_staff(caller, decision.id))
