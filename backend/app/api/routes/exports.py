"""All that is held of somebody, for themselves."""

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
    """What has been compressed by gzip, piece by piece."""
    with gzip.open(content) as file:
        while piece := file.read(PIECE):
            yield piece


@router.get(
    "",
    summary="Export all that is held of you",
    response_model=ExportPublic,
    responses=problems(ExportService.make),
)
async def export_user(
    _: Caller, token: Token, exports: ExportService, headers_only: HeadersOnly
) -> Response:
    """All that the service holds of the caller, as it was at one moment, to be kept as a file.

    It is made a few times a day at the most. HEAD tells the headers only: nothing is made, counted
    or written into the audit.
    """
    return StreamingResponse(
        iter(()) if headers_only else unpacked(await exports.make(token)),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="export.json"'},
    )
