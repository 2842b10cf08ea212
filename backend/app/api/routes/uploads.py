"""Uploads: pictures that become photos of jobs, packages, messages and profiles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.uploads import (
    ArrivedFile,
    ReceivingRoute,
    UploadReader,
    UploadService,
)
from app.core.errors import TooManyRequests
from app.core.images import ImageType
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.uploads import (
    NotAnImage,
    UploadFields,
    UploadPublic,
)
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("uploads", "Photos of jobs, packages, messages and profiles")
FILE = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


async def make_upload(
    arrived: ArrivedFile,
    caller: Caller,
    token: Token,
    uploads: UploadService,
    shown: UploadReader,
    request: Request,
) -> Response:
    """Takes a picture of up to 15 MB as the body, to become a photo.

    It is shown with a job, a package, a message or a profile. The upload is `processing` until the
    worker has made a photo of it, a second later as a rule: turned upright, without metadata such
    as the place where it was taken, in two sizes. It is `refused` if it is damaged or has more than
    40 megapixels. An upload that is attached to nothing is deleted after 24 hours.
    """
    upload = uploads.make(caller, arrived)
    return item_response(
        await shown.one(token, upload.id), created_at=f"{request.scope['path']}/{upload.id}"
    )


router.add_api_route(
    "/uploads",
    make_upload,
    methods=["POST"],
    status_code=201,
    summary="Upload a picture",
    response_model=UploadPublic,
    responses=problems(NotAnImage, TooManyRequests),
    openapi_extra={
        "requestBody": {"required": True, "content": dict.fromkeys(map(str, ImageType), FILE)}
    },
    route_class_override=ReceivingRoute,
)


@router.get(
    "/uploads",
    summary="Own uploads",
    response_model=PagePublic[UploadFields],
    responses=problems(),
)
async def list_uploads(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    uploads: UploadReader,
    listing: ListingOf,
) -> Response:
    """The caller's uploads, the newest one first."""
    return listing.answer(await uploads.own(caller, listing.part(parameters)))


@router.get(
    "/uploads/{upload_id}",
    summary="An upload",
    response_model=UploadPublic,
    responses=problems(UploadReader.one),
)
async def read_upload(upload_id: UUID, caller: Token, uploads: UploadReader) -> Response:
    """An upload of the caller."""
    return item_response(await uploads.one(caller, upload_id))


@router.delete(
    "/uploads/{upload_id}",
    status_code=204,
    summary="Delete an upload",
    responses=problems(UploadService.delete),
)
async def delete_upload(upload_id: UUID, caller: Caller, uploads: UploadService) -> Response:
    """Deletes an upload of the caller, with its photo, which is no longer shown anywhere."""
    await uploads.delete(caller, upload_id)
    return Response(status_code=204)
