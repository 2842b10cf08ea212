"""Reports of things that others wrote or showed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff, Token
from app.api.dependencies.reports import ReportReader, ReportService
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.reports import (
    ReportCreate,
    ReportFilters,
    ReportForStaff,
    ReportInQueue,
    ReportPublic,
)
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import item_response
from app.http.transactions import RecordedRoute, TransactionalRoute

TAG = Tag("reports", "Reports to staff, and the decisions about them")
ADMIN = "/admin/reports"

router = APIRouter(route_class=TransactionalRoute)


@router.post(
    "/reports",
    status_code=201,
    tags=[TAG.name],
    summary="Report something",
    response_model=ReportPublic,
    responses=problems(ReportService.make),
)
async def make_report(
    draft: ReportCreate,
    caller: Token,
    reports: ReportService,
    shown: ReportReader,
    request: Request,
) -> Response:
    """Reports something to staff that another user wrote or showed. Its present state is copied."""
    report = await reports.make(caller, draft)
    return item_response(
        await shown.one(caller, report.id), created_at=f"{request.scope['path']}/{report.id}"
    )


@router.get(
    "/reports",
    tags=[TAG.name],
    summary="Own reports",
    response_model=PagePublic[ReportPublic],
    responses=problems(),
)
async def list_reports(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    shown: ReportReader,
    listing: ListingOf,
) -> Response:
    """The caller's reports with the decisions about them, newest first."""
    return listing.answer(await shown.own(caller, listing.part(parameters)))


@router.get(
    "/reports/{report_id}",
    tags=[TAG.name],
    summary="A report",
    response_model=ReportPublic,
    responses=problems(ReportReader.one),
)
async def read_report(report_id: UUID, caller: Token, shown: ReportReader) -> Response:
    """A report of the caller, with the decisions about it."""
    return item_response(await shown.one(caller, report_id))


@router.get(
    ADMIN,
    tags=["admin"],
    summary="Reports",
    response_model=PagePublic[ReportInQueue],
    responses=problems(*FOR_STAFF),
)
async def list_reports_for_staff(
    filters: Annotated[ReportFilters, Query()],
    caller: Staff,
    shown: ReportReader,
    listing: ListingOf,
) -> Response:
    """The reports in a state, by default those that wait for a member of staff, oldest first."""
    return listing.answer(await shown.queue(caller, filters, listing.part(filters)))


async def read_report_for_staff(report_id: UUID, caller: Staff, reports: ReportService) -> Response:
    """A report with the copy of what was reported. The audit records the request."""
    return item_response(await reports.read(caller, report_id))


router.add_api_route(
    f"{ADMIN}/{{report_id}}",
    read_report_for_staff,
    methods=["GET"],
    tags=["admin"],
    summary="A report for staff",
    response_model=ReportForStaff,
    responses=problems(*FOR_STAFF, ReportService.read),
    route_class_override=RecordedRoute,
)


@router.put(
    f"{ADMIN}/{{report_id}}/taker",
    status_code=204,
    tags=["admin"],
    summary="Take a report",
    responses=problems(*FOR_STAFF, ReportService.take),
)
async def take_report(report_id: UUID, caller: Staff, reports: ReportService) -> Response:
    """Takes a report, so that no other member of staff decides about it.

    Its sides can't take it, and an appeal goes to another member of staff.
    """
    await reports.take(caller, report_id)
    return Response(status_code=204)


@router.delete(
    f"{ADMIN}/{{report_id}}/taker",
    status_code=204,
    tags=["admin"],
    summary="Release a report",
    responses=problems(*FOR_STAFF, ReportService.release),
)
async def release_report(report_id: UUID, caller: Staff, reports: ReportService) -> Response:
    """Has a report wait for another member of staff. Each member of staff may do so."""
    await reports.release(caller, report_id)
    return Response(status_code=204)
