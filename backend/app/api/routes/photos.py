"""The photos of jobs and packages, and the pictures of profiles."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.profiles import ProfileReader
from app.api.dependencies.uploads import PhotoService, UploadReader
from app.db.models.profiles import ProfileDetail
from app.db.models.uploads import PhotosPublic, PhotosUpdate, PictureUpdate
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

router = APIRouter(tags=["uploads"], route_class=TransactionalRoute)


@router.get(
    "/cleanings/{cleaning_id}/photos",
    summary="Uploads of a job",
    response_model=PhotosPublic,
    responses=problems(UploadReader.of_cleaning),
)
async def read_cleaning_photos(cleaning_id: UUID, caller: Token, uploads: UploadReader) -> Response:
    """The uploads attached to a job of the caller, also those that are still processed.

    The `ETag` is that of the job.
    """
    return item_response(await uploads.of_cleaning(caller, cleaning_id))


@router.put(
    "/cleanings/{cleaning_id}/photos",
    summary="Set the photos of a job",
    response_model=PhotosPublic,
    responses=problems(PhotoService.set_of_cleaning),
)
async def set_cleaning_photos(
    cleaning_id: UUID,
    wanted: PhotosUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    photos: PhotoService,
    shown: UploadReader,
) -> Response:
    """Attaches uploads to a job, up to eight, in this order; all others are detached from it.

    Photos are not among the terms: offers do not become outdated. The `ETag` is that of the job.
    """
    await photos.set_of_cleaning(caller, cleaning_id, wanted.uploads, expected)
    return item_response(await shown.of_cleaning(token, cleaning_id))


@router.get(
    "/packages/{package_id}/photos",
    summary="Uploads of a package",
    response_model=PhotosPublic,
    responses=problems(UploadReader.of_package),
)
async def read_package_photos(package_id: UUID, caller: Token, uploads: UploadReader) -> Response:
    """The uploads attached to a package of the caller, also those that are still processed.

    The `ETag` is that of the package.
    """
    return item_response(await uploads.of_package(caller, package_id))


@router.put(
    "/packages/{package_id}/photos",
    summary="Set the photos of a package",
    response_model=PhotosPublic,
    responses=problems(PhotoService.set_of_package),
)
async def set_package_photos(
    package_id: UUID,
    wanted: PhotosUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    photos: PhotoService,
    shown: UploadReader,
) -> Response:
    """Attaches uploads to a package, up to eight, in this order; all others are detached from it.

    Photos are not among the terms: the `revision` stays. The `ETag` is that of the package.
    """
    await photos.set_of_package(caller, package_id, wanted.uploads, expected)
    return item_response(await shown.of_package(token, package_id))


@router.put(
    "/profiles/me/picture",
    summary="Set the own picture",
    response_model=ProfileDetail,
    responses=problems(PhotoService.set_picture),
)
async def set_picture(
    wanted: PictureUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    photos: PhotoService,
    shown: ProfileReader,
) -> Response:
    """Sets the picture of the caller's profile to an upload; null removes it."""
    await photos.set_picture(caller, wanted.upload, expected)
    return item_response(await shown.own(token))
