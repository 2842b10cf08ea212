"""Exports of personal data."""

from fastapi import APIRouter, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.exports import ExportService
from app.db.repositories.exports import ExportPublic
from app.http.clients import HeadersOnly
from app.http.exports import export_response
from app.http.problems import problems
from app.http.transactions import BulkRoute

router = APIRouter(prefix="/users/me/export", tags=["users"], route_class=BulkRoute)


@router.get(
    "",
    summary="Export personal data",
    response_model=ExportPublic,
    responses=problems(ExportService.make),
)
async def export_user(
    _: Caller, token: Token, exports: ExportService, headers_only: HeadersOnly
) -> Response:
    """The personal data of the caller, in a consistent state, as a file.

    The number of exports per day is limited. HEAD returns the headers alone, without an export, a
    count or an entry in the audit.
    """
    return export_response(None if headers_only else await exports.make(token))
