"""Uploads: pictures that users send, to be shown with a job, a package, a message or a profile."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, and_, false, text
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Invalid, NotFound
from app.core.images import ImageType, Refusal
from app.db.models.fields import Input, Moment, choice, id_field, moment_field, now
from app.db.models.hiding import Hideable
from app.db.models.messages import Message
from app.db.models.photos import MOST_OF_MESSAGE, MOST_PHOTOS, Photo, UploadIds, path_of
from app.db.models.versioned import Tagged
from app.postgres.statements import col

UNATTACHED_FOR = timedelta(hours=24)
"""How long an upload is kept that belongs to nothing."""


class UploadNotFound(NotFound):
    code = "upload_not_found"
    detail = "Upload not found."


class UploadRefused(Conflict):
    code = "upload_refused"
    detail = "The file of the upload could not be used as a photo."


class UploadAttached(Conflict):
    code = "upload_attached"
    detail = "The upload belongs to another job, package, message or profile."


class NotAnImage(Invalid):
    code = "not_an_image"
    detail = "The body is not a picture of the type that its Content-Type states."


class UploadState(StrEnum):
    PROCESSING = "processing"
    READY = "ready"
    REFUSED = "refused"


class Arrived(NamedTuple):
    """A file that has arrived and is stored.

    Args:
        name: Its name in the store.
        media_type: Its type, as far as its first bytes tell.
        digest: The SHA-256 digest of its content.
    """

    name: str
    media_type: ImageType
    digest: bytes


PLACES = "num_nonnulls(cleaning_id, package_id, message_number)"
"""The number of things among whose photos an upload has a place."""


class Upload(Hideable, table=True):
    """A picture, from its arrival on.

    Its files have random names: the original until it is processed, then the photo in two sizes. It
    belongs to one job, package or message, in its place among the photos there, or to the profile
    of its user; or to none of these, until it expires. The job and the message have no foreign key,
    so that the tables of jobs can be distributed.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("(state = 'processing') = (original IS NOT NULL)", name="original"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused"),
        CheckConstraint(
            "num_nonnulls(large, small, width, height) = CASE state WHEN 'ready' THEN 4 ELSE 0 END",
            name="ready",
        ),
        CheckConstraint("width > 0 AND height > 0", name="size"),
        CheckConstraint(f"{PLACES} + of_profile::int <= 1", name="attached_once"),
        CheckConstraint(f"(expires_at IS NULL) = ({PLACES} + of_profile::int = 1)", name="expires"),
        CheckConstraint("state <> 'refused' OR expires_at IS NOT NULL", name="refused_unattached"),
        CheckConstraint(f"(place IS NOT NULL) = ({PLACES} = 1)", name="placed"),
        CheckConstraint(f"place BETWEEN 0 AND {MOST_PHOTOS - 1}", name="place"),
        CheckConstraint(
            "num_nonnulls(message_cleaning_id, message_cleaner_id, message_number) IN (0, 3)",
            name="message",
        ),
        CheckConstraint(
            f"message_number IS NULL OR place < {MOST_OF_MESSAGE}", name="message_place"
        ),
        # Deferred, since photos change their places with each other.
        UniqueConstraint("cleaning_id", "place", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("package_id", "place", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("original"),
        UniqueConstraint("large"),  # the upload of a file that is asked for
        UniqueConstraint("small"),
        Index("ix_uploads_user_id", "user_id", "id"),  # a user's list
        Index("uq_uploads_of_profile", "user_id", unique=True, postgresql_where=text("of_profile")),
        Index(
            "uq_uploads_of_message",
            *("message_cleaning_id", "message_cleaner_id", "message_number", "place"),
            unique=True,
            postgresql_where=text("message_number IS NOT NULL"),
        ),
        Index(  # housekeeping
            "ix_uploads_expires_at",
            "expires_at",
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
    )

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="users.id")
    media_type: ImageType = Field(sa_type=choice(ImageType, "media_type"))
    state: UploadState = Field(default=UploadState.PROCESSING, sa_type=choice(UploadState, "state"))
    reason: Refusal | None = Field(default=None, sa_type=choice(Refusal, "reason"))
    original: str | None
    large: str | None = None
    small: str | None = None
    width: int | None = None
    height: int | None = None
    cleaning_id: UUID | None = None
    package_id: UUID | None = Field(default=None, foreign_key="packages.id")
    message_cleaning_id: UUID | None = None
    message_cleaner_id: UUID | None = None
    message_number: int | None = None
    of_profile: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    place: int | None = None
    expires_at: datetime | None = moment_field(default_factory=lambda: now() + UNATTACHED_FOR)

    @property
    def files(self) -> list[str]:
        """The names of its files."""
        return [name for name in (self.original, self.large, self.small) if name]

    @property
    def is_attached(self) -> bool:
        """Whether it belongs to a job, a package, a message or a profile."""
        return self.expires_at is None

    @property
    def photo(self) -> dict[str, Any] | None:
        """The photo, as it is shown to all who see what it belongs to; null if it is not shown."""
        if self.large is None or self.small is None or self.hidden_at is not None:
            return None
        of_message = self.message_number is not None
        return {
            "id": str(self.id),
            "url": path_of(self.large, of_message=of_message),
            "small_url": path_of(self.small, of_message=of_message),
            "width": self.width,
            "height": self.height,
        }

    def finish(self, large: str, small: str, width: int, height: int) -> None:
        """Makes it ready.

        Args:
            large: The name of the file of the photo.
            small: The name of that of the same photo in the smaller size.
            width: The width of the photo, in pixels.
            height: Its height, in pixels.
        """
        self.original, self.large, self.small = None, large, small
        self.width, self.height, self.state = width, height, UploadState.READY
        self.touch()

    def refuse(self, reason: Refusal) -> None:
        """Refuses it: its file can't be used."""
        self.original, self.reason, self.state = None, reason, UploadState.REFUSED
        self.detach()

    def attach(
        self,
        *,
        cleaning_id: UUID | None = None,
        package_id: UUID | None = None,
        message: Message | None = None,
        place: int | None = None,
    ) -> None:
        """Attaches it to something: if nothing is given, to the profile of its user.

        Args:
            cleaning_id: The job.
            package_id: The package.
            message: The message.
            place: Its place among the photos of the job, the package or the message, from 0 on.

        Raises:
            UploadRefused: Its file can't be used.
            UploadAttached: It belongs to something else.
        """
        if self.state is UploadState.REFUSED:
            raise UploadRefused
        belongs = {
            "cleaning_id": cleaning_id,
            "package_id": package_id,
            "message_cleaning_id": message and message.cleaning_id,
            "message_cleaner_id": message and message.cleaner_id,
            "message_number": message and message.number,
            "of_profile": cleaning_id is None and package_id is None and message is None,
        }
        if self.is_attached and self.differing(belongs):
            raise UploadAttached
        self.take_over({**belongs, "place": place, "expires_at": None})

    def detach(self) -> None:
        """Detaches it from what it belongs to. It expires unless it is attached again."""
        self.cleaning_id = self.package_id = self.place = None
        self.message_cleaning_id = self.message_cleaner_id = self.message_number = None
        self.of_profile, self.expires_at = False, now() + UNATTACHED_FOR
        self.touch()


OF_MESSAGE = and_(
    col(Upload.message_cleaning_id) == Message.cleaning_id,
    col(Upload.message_cleaner_id) == Message.cleaner_id,
    col(Upload.message_number) == Message.number,
)
"""The condition that an upload is a photo of a message."""


def photos_of(uploads: Sequence[Upload]) -> list[dict[str, Any]]:
    """The photos that a job or a package shows, in their order.

    Args:
        uploads: All uploads that are attached to it.
    """
    ordered = sorted(uploads, key=lambda upload: upload.place or 0)
    return [photo for upload in ordered if (photo := upload.photo)]


class PhotosUpdate(Input):
    """The photos of a job or a package."""

    uploads: UploadIds = Field(
        max_length=MOST_PHOTOS,
        description="The ids of the caller's uploads, in the order in which they are shown. They "
        "may still be processed: they are shown as soon as they are ready",
        schema_extra={"examples": [["018f0d2c-6f0e-7d33-8a56-0242ac120002"]]},
    )


class PictureUpdate(Input):
    """The picture of a profile."""

    upload: UUID | None = Field(
        description="The id of an upload of the caller; null for no picture",
        schema_extra={"examples": ["018f0d2c-6f0e-7d33-8a56-0242ac120002"]},
    )


class UploadFields(SQLModel):
    """An upload, as its user sees it."""

    id: UUID
    state: UploadState = Field(description="`processing` is followed by `ready` or `refused`")
    reason: Refusal | None = Field(description="The reason why it is `refused`")
    photo: Photo | None = Field(description="Null until it is `ready`, and while it is hidden")
    cleaning_id: UUID | None = Field(description="The job that it belongs to")
    package_id: UUID | None = Field(description="The package that it belongs to")
    message_cleaning_id: UUID | None = Field(
        description="The job, or the order, of the thread of the message that it belongs to"
    )
    message_cleaner_id: UUID | None = Field(description="The cleaner of that thread")
    message_number: int | None = Field(description="The number of that message")
    of_profile: bool = Field(description="Whether it is the picture of the user's profile")
    place: int | None = Field(description="Its place among the photos there, from 0 on")
    hidden: bool = Field(description="Whether staff has hidden it")
    expires_at: Moment | None = Field(
        description="When it is deleted unless it is attached to something; null while it is"
    )
    created_at: Moment


class UploadPublic(UploadFields, Tagged):
    """An upload, as its user sees it."""


class PhotosPublic(SQLModel, Tagged):
    """The uploads attached to a job or a package, as its owner sees them."""

    uploads: list[UploadFields] = Field(description="In the order in which they are shown")
