"""Packages in requests and answers, beside their terms."""

from typing import Literal
from uuid import UUID

from sqlmodel import Field

from app.db.models.fields import Moment, PersonName
from app.db.models.listings import ListingFilters
from app.db.models.package_terms import PackageTerms
from app.db.models.photos import Photo
from app.db.models.profiles import ProfileRated
from app.db.models.searched import Language
from app.db.models.states.packages import PackageStatus
from app.db.models.versioned import Tagged


class PackageFilters(ListingFilters):
    """Which packages are wanted."""

    status: PackageStatus | Literal["any"] = Field(
        default=PackageStatus.PUBLISHED,
        description="Packages that are not published are shown to their seller only: `cleaner=me`",
    )
    cleaner: PersonName | Literal["me"] | None = Field(
        default=None,
        description="The seller: a username or the id of a person, or `me` for the caller",
    )


class PackagePublic(PackageTerms):
    """A package as the caller may see it."""

    id: UUID
    seller_id: UUID = Field(description="The id of the cleaner who sells it")
    language: Language = Field(
        description="The language of the name and the description (ISO 639-1)",
        schema_extra={"examples": ["en"]},
    )
    status: PackageStatus
    revision: int = Field(description="The revision of its terms, which an order names")
    stock: int | None = Field(
        description="How often it may still be ordered; null for any number. Not part of the `ETag`"
    )
    photo: Photo | None = Field(description="The first of its photos")
    cleaner: ProfileRated
    created_at: Moment
    updated_at: Moment


class PackageDetail(PackagePublic, Tagged):
    """A package as the caller may see it, with what only its seller is shown."""

    offered: int | None = Field(
        description="How many were ever put into stock, less those taken out; shown to the seller"
    )
    photos: list[Photo] = Field(description="Its photos, at most eight; none while it is hidden")
    hidden: bool = Field(description="Whether staff has hidden it; only the seller sees it then")
