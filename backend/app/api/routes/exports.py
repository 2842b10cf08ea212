"""Exports of personal data."""

import gzip
from collections.abc import Iterator
from typing import BinaryIO

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.exports import ExportService
from app.db.repositories.exports import ExportPublic
from app.http.clients import HeadersOnly
from app.http.problems import problems
from app.http.transactions import BulkRoute

PIECE = 100_000  # bytes

router = APIRouter(prefix="/users/me/export", tags=["users"], route_class=BulkRoute)


def unpacked(content: BinaryIO) -> Iterator[bytes]:
    """Decompresses gzip, in chunks."""
    with gzip.open(content) as file:
        while piece := file.read(PIECE):
            yield piece


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
    return StreamingResponse(
        iter(()) if headers_only else unpacked(await exports.make(token)),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="export.json"'},
    )
