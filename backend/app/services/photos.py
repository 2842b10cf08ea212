"""Photos: attaching uploads to jobs, packages and profiles."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.versions import ExpectedVersion
from app.db.models.cleanings import Cleaning, CleaningNotFound, NotOwner
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.packages import PackageEvent
from app.db.models.kinds.profiles import ProfileEvent
from app.db.models.packages import NotSeller, Package, PackageNotFound
from app.db.models.profiles import Profile
from app.db.models.uploads import (
    Upload,
    UploadAttached,
    UploadNotFound,
    UploadRefused,
    photos_of,
)
from app.db.models.users import User
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.packages import PackageRepository
from app.db.repositories.profiles import ProfileRepository
from app.db.repositories.uploads import Holder, UploadRepository
from app.postgres.transactions import Transaction


class Held(NamedTuple):
    """A locked upload, with what it is attached to.

    Args:
        upload: The upload.
        thing: What it is attached to; None if it is unattached.
        others: All uploads that are attached to that, this one included.
    """

    upload: Upload
    thing: Cleaning | Package | Profile | None
    others: list[Upload]


class PhotoService:
    """The use cases of photos.

    Each locks the job, the package or the profile first, then the uploads by their ids. Jobs,
    packages and profiles have copies of the photos that they show, so that reading them needs no
    uploads. Photos are not among the terms: their change makes no revision.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._cleanings = CleaningRepository(transaction)
        self._events = EventRepository(transaction)
        self._packages = PackageRepository(transaction)
        self._profiles = ProfileRepository(transaction)
        self._uploads = UploadRepository(transaction)

    @raises(
        CleaningNotFound,
        NotOwner,
        PreconditionFailed,
        UploadNotFound,
        UploadRefused,
        UploadAttached,
    )
    async def set_of_cleaning(
        self, caller: User, cleaning_id: UUID, ids: Sequence[UUID], expected: ExpectedVersion
    ) -> None:
        """Sets the photos of a job, in its present state, to uploads of its owner."""
        cleaning = await self._cleanings.lock_own(caller.id, cleaning_id)
        expected.demand(cleaning.version)
        holder = Holder(caller.id, cleaning_id, None, of_profile=False)
        if await self._arrange(holder, cleaning, ids):
            self._events.record(caller.id, CleaningEvent.PHOTOS_CHANGED, cleaning_id, cleaning_id)

    @raises(
        PackageNotFound,
        NotSeller,
        PreconditionFailed,
        UploadNotFound,
        UploadRefused,
        UploadAttached,
    )
    async def set_of_package(
        self, caller: User, package_id: UUID, ids: Sequence[UUID], expected: ExpectedVersion
    ) -> None:
        """Sets the photos of a package to uploads of its seller."""
        package = await self._packages.lock_own(caller.id, package_id)
        expected.demand(package.version)
        holder = Holder(caller.id, None, package_id, of_profile=False)
        if await self._arrange(holder, package, ids):
            self._events.record(caller.id, PackageEvent.PHOTOS_CHANGED, package_id)

    @raises(PreconditionFailed, UploadNotFound, UploadRefused, UploadAttached)
    async def set_picture(
        self, caller: User, upload_id: UUID | None, expected: ExpectedVersion
    ) -> None:
        """Sets the picture of the caller's profile to an upload of theirs, or to none."""
        profile = await self._profiles.lock(caller.id)
        expected.demand(profile.version)
        holder = Holder(caller.id, None, None, of_profile=True)
        if await self._arrange(holder, profile, [upload_id] if upload_id else []):
            self._events.record(caller.id, ProfileEvent.EDITED, caller.id)

    def _attach(self, upload: Upload, holder: Holder, place: int) -> None:
        """Attaches an upload at a place among those of its holder."""
        upload.attach(
            cleaning_id=holder.cleaning_id,
            package_id=holder.package_id,
            place=None if holder.of_profile else place,
        )

    async def _arrange(
        self, holder: Holder, thing: Cleaning | Package | Profile, ids: Sequence[UUID]
    ) -> bool:
        """Attaches uploads in this order, and detaches all others; returns whether any changed."""
        uploads = await self._uploads.lock(holder, ids)
        if missing := [upload_id for upload_id in ids if upload_id not in uploads]:
            raise UploadNotFound(upload_id=str(missing[0]))
        versions = [upload.version for upload in uploads.values()]
        for upload_id, upload in uploads.items():
            if upload_id not in ids:
                upload.detach()
        await self._transaction.flush()  # a profile has one picture at any time
        wanted = [uploads[upload_id] for upload_id in ids]
        for place, upload in enumerate(wanted):
            self._attach(upload, holder, place)
        changed = versions != [upload.version for upload in uploads.values()]
        if changed:
            show(thing, wanted)
            thing.touch()
        return changed

    async def lock(self, upload_id: UUID) -> Held | None:
        """Locks an upload, and before it what it is attached to; None if there is none."""
        while holder := await self._uploads.holder(upload_id):
            thing = await self._lock_holder(holder)
            uploads = await self._uploads.lock(holder, [upload_id])
            upload = uploads.get(upload_id)
            if upload is not None and Holder.of(upload) == holder:
                others = [it for it in uploads.values() if it is upload or thing is not None]
                return Held(upload, thing, others)
            if upload is None:
                return None
        return None

    async def _lock_holder(self, holder: Holder) -> Cleaning | Package | Profile | None:
        if holder.cleaning_id:
            return await self._cleanings.lock(holder.cleaning_id)
        if holder.package_id:
            return await self._packages.lock(holder.package_id)
        return await self._profiles.lock(holder.user_id) if holder.of_profile else None

    def show(self, held: Held) -> None:
        """Shows the present photos; the version of what they are attached to stays."""
        if held.thing is not None:
            show(held.thing, held.others)


def show(thing: Cleaning | Package | Profile, uploads: Sequence[Upload]) -> None:
    """Has a job, a package or a profile show the photos of the uploads attached to it."""
    photos = photos_of(uploads)
    if isinstance(thing, Profile):
        thing.picture = photos[0] if photos else None
    else:
        thing.photos = photos
