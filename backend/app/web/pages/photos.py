"""Photos of jobs and packages, and the picture of a profile: adding, ordering and removing them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.errors import Invalid
from app.core.images import ImageType
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.photos import MOST_PHOTOS
from app.db.models.uploads import PhotosUpdate, UploadNotFound
from app.db.models.users import User
from app.db.repositories.base import Item
from app.db.repositories.uploads import UploadReader
from app.services.photos import PhotoService
from app.services.uploads import UploadService
from app.web.file_forms import FIELD
from app.web.pages.cleanings import read_job
from app.web.pages.packages import read_package
from app.web.photo_pages import PhotosPage, PicturePage
from app.web.routing import Pages
from app.web.views.cleanings import JobDetail
from app.web.views.packages import PackageDetail
from app.web.views.uploads import UPLOADS, Attached
from app.web.visits import Visit

PICTURE = "/account/picture"
TYPES = ",".join(ImageType)

SAID = {
    "photos_added": N_("Your photos are added."),
    "photo_moved": N_("The photo has moved forward."),
    "photo_removed": N_("The photo is removed."),
    "picture_set": N_("Your picture is set."),
    "picture_removed": N_("The picture is removed."),
}

pages = Pages()


Change = Callable[[list[UUID]], list[UUID]]
"""The uploads of a thing in their new order, given the present ones."""


class Kind(NamedTuple):
    """A kind of thing that has photos.

    Args:
        path: The path of one.
        read: Reads one.
        uploads: Reads the uploads that are attached to one, for its owner only.
        arrange: Attaches uploads to one.
    """

    path: str
    read: Callable[[Visit, UUID], Awaitable[JobDetail | PackageDetail]]
    uploads: Callable[[UploadReader, Bearer, UUID], Awaitable[Item]]
    arrange: Callable[[PhotoService, User, UUID, Sequence[UUID], ExpectedVersion], Awaitable[None]]


KINDS = (
    Kind(
        "/jobs/{cleaning_id:uuid}",
        read_job,
        UploadReader.of_cleaning,
        PhotoService.set_of_cleaning,
    ),
    Kind(
        "/packages/{package_id:uuid}",
        read_package,
        UploadReader.of_package,
        PhotoService.set_of_package,
    ),
)


def add_pages(kind: Kind) -> None:
    """Adds the pages of the photos of a kind of thing."""
    there = kind.path.partition("{")[0]
    path = f"{kind.path}/photos"

    @pages.get(path)
    async def show(visit: Visit, **ids: UUID) -> Response:
        """The photos of a thing, also those that are still processed."""
        thing_id, *_ = ids.values()
        reader, page = UploadReader(visit.reads), f"{there}{thing_id}"
        item = await kind.uploads(reader, visit.caller, thing_id)
        uploads = Attached.model_validate_json(item.json).uploads
        thing = await kind.read(visit, thing_id)
        return visit.page(
            PhotosPage(
                form=visit.form_at(f"{page}/photos"),
                name=thing.name,
                there=page,
                uploads=uploads,
                refused=UPLOADS.validate_json(await reader.refused(visit.caller)),
                free=MOST_PHOTOS - len(uploads),
                types=TYPES,
            )
        )

    @pages.post(path, again=show, most_files=MOST_PHOTOS)
    async def add(visit: Visit, **ids: UUID) -> Response:
        """Adds photos behind the present ones."""
        (thing_id,) = ids.values()
        added = await make_uploads(visit)
        await rearrange(visit, kind, thing_id, lambda present: [*present, *added])
        return visit.see(f"{there}{thing_id}/photos", "photos_added")

    @pages.post(f"{path}/{{upload_id:uuid}}/forward", again=show)
    async def move(visit: Visit, upload_id: UUID, **ids: UUID) -> Response:
        """Moves a photo one place forward."""
        (thing_id,) = ids.values()
        await rearrange(visit, kind, thing_id, lambda present: moved(present, upload_id))
        return visit.see(f"{there}{thing_id}/photos", "photo_moved")

    @pages.post(f"{path}/{{upload_id:uuid}}/removal", again=show)
    async def remove(visit: Visit, upload_id: UUID, **ids: UUID) -> Response:
        """Deletes a photo, or a picture that was refused."""
        (thing_id,) = ids.values()
        await UploadService(visit.transaction).delete(await visit.user(), upload_id)
        return visit.see(f"{there}{thing_id}/photos", "photo_removed")


async def make_uploads(visit: Visit) -> list[UUID]:
    """Makes uploads of the pictures that were sent, and returns their ids.

    Raises:
        Invalid: None was sent.
    """
    if not visit.files:
        raise Invalid("Choose a picture.", field=FIELD)
    user, service = await visit.user(), UploadService(visit.transaction)
    return [service.make(user, file).id for file in visit.files]


async def rearrange(visit: Visit, kind: Kind, thing_id: UUID, change: Change) -> None:
    """Changes which uploads are attached to a thing, and their order.

    Raises:
        InvalidForm: They are too many.
    """
    user, reader = await visit.user(), UploadReader(visit.transaction)
    item = await kind.uploads(reader, visit.caller, thing_id)
    present = [upload.id for upload in Attached.model_validate_json(item.json).uploads]
    wanted = visit.read(PhotosUpdate, uploads=change(present))
    expected = ExpectedVersion(frozenset({item.version}))
    await kind.arrange(PhotoService(visit.transaction), user, thing_id, wanted.uploads, expected)


def moved(ids: Sequence[UUID], upload_id: UUID) -> list[UUID]:
    """The ids with one of them a place further forward.

    Raises:
        UploadNotFound: It is not among them.
    """
    if upload_id not in ids:
        raise UploadNotFound
    others = [it for it in ids if it != upload_id]
    others.insert(max(0, ids.index(upload_id) - 1), upload_id)
    return others


for each in KINDS:
    add_pages(each)


@pages.get(PICTURE)
async def show_picture(visit: Visit, **_: UUID) -> Response:
    """The picture of the viewer's profile, also one that is still processed."""
    reader = UploadReader(visit.reads)
    return visit.page(
        PicturePage(
            form=visit.form_at(PICTURE),
            uploads=UPLOADS.validate_json(await reader.of_profile(visit.caller)),
            refused=UPLOADS.validate_json(await reader.refused(visit.caller)),
            types=TYPES,
        )
    )


@pages.post(PICTURE, again=show_picture, most_files=1)
async def set_picture(visit: Visit) -> Response:
    """Sets the picture of the viewer's profile."""
    (upload_id,) = await make_uploads(visit)
    service = PhotoService(visit.transaction)
    await service.set_picture(await visit.user(), upload_id, ExpectedVersion())
    return visit.see(PICTURE, "picture_set")


@pages.post(f"{PICTURE}/{{upload_id:uuid}}/removal", again=show_picture)
async def remove_picture(visit: Visit, upload_id: UUID) -> Response:
    """Deletes the picture of the viewer's profile, or one that was refused."""
    await UploadService(visit.transaction).delete(await visit.user(), upload_id)
    return visit.see(PICTURE, "picture_removed")
