"""Readings of threads by staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.thread_readings import ThreadReadingReader, ThreadReadingService
from app.api.routes.reports import ADMIN as REPORTS
from app.core.security.tokens import Bearer
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.thread_readings import (
    MessageForStaff,
    ThreadReading,
    ThreadReadingCreate,
    ThreadReadingPublic,
)
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import json_response
from app.http.transactions import TransactionalRoute

PATH = "/admin/thread-readings"
READING = f"{PATH}/{{reading_id}}"

router = APIRouter(route_class=TransactionalRoute, tags=["admin"])


@router.post(
    PATH,
    status_code=201,
    summary="Read a thread for a reason",
    response_model=ThreadReadingPublic,
    responses=problems(*FOR_STAFF, ThreadReadingService.read_for_reason),
)
async def make_thread_reading(
    draft: ThreadReadingCreate,
    caller: Staff,
    readings: ThreadReadingService,
    shown: ThreadReadingReader,
    request: Request,
) -> Response:
    """Lets the caller read a thread with messages for a day, for a reason.

    Both sides are told of it with the reason, and the audit records it. The caller can't be one of
    them.
    """
    return await created(request, caller, await readings.read_for_reason(caller, draft), shown)


@router.post(
    f"{REPORTS}/{{report_id}}/thread-reading",
    status_code=201,
    summary="Read the thread of a reported message",
    response_model=ThreadReadingPublic,
    responses=problems(*FOR_STAFF, ThreadReadingService.read_for_report),
)
async def make_thread_reading_for_report(
    report_id: UUID,
    caller: Staff,
    readings: ThreadReadingService,
    shown: ThreadReadingReader,
    request: Request,
) -> Response:
    """Lets the caller, who may take the report, read the thread for a day.

    Both sides are told that it is read because of a report, but not of which one. The audit records
    it.
    """
    reading = await readings.read_for_report(caller, report_id)
    return await created(request, caller, reading, shown)


@router.get(
    READING,
    summary="A reading of a thread",
    response_model=ThreadReadingPublic,
    responses=problems(*FOR_STAFF, ThreadReadingReader.one),
)
async def read_thread_reading(
    reading_id: UUID, caller: Staff, shown: ThreadReadingReader
) -> Response:
    """A reading of the caller that lasts."""
    return json_response((await shown.one(caller, reading_id)).json)


@router.get(
    f"{READING}/messages",
    summary="Messages of a thread for staff",
    response_model=PagePublic[MessageForStaff],
    responses=problems(*FOR_STAFF, ThreadReadingReader.messages),
)
async def list_messages_for_staff(
    reading_id: UUID,
    parameters: Annotated[PageParameters, Query()],
    caller: Staff,
    shown: ThreadReadingReader,
    listing: ListingOf,
) -> Response:
    """The messages of the thread, newest first, while the reading of the caller lasts."""
    return listing.answer(await shown.messages(caller, reading_id, listing.part(parameters)))


async def created(
    request: Request, caller: Bearer, reading: ThreadReading, shown: ThreadReadingReader
) -> Response:
    """The response with a new reading."""
    item = await shown.one(caller, reading.id)
    api, *_ = request.scope["path"].partition("/admin/")
    return json_response(item.json, created_at=f"{api}{PATH}/{reading.id}")
