"""Photos as jobs, packages, messages and profiles show them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.errors import NotFound

MOST_PHOTOS = 8
"""How many photos a job or a package may have."""
MOST_OF_MESSAGE = 4
"""How many photos a message may have."""
PATH = "/photos/"
"""The beginning of the path of each file of a photo."""
MESSAGE_PATH = "/messages/photos/"
"""The beginning of that of each file of a photo of a message, for the two sides of its thread."""


class PhotoNotFound(NotFound):
    code = "photo_not_found"
    detail = "Photo not found."


class Photo(SQLModel):
    """A photo that a user has uploaded."""

    id: UUID = Field(description="The id of the upload")
    url: str = Field(
        description="The path of the photo in WebP, whose longer side has 1,600 pixels at most",
        schema_extra={"examples": [f"{PATH}0f6ad86f6d1b4a8e8d1f0f3f0a4c5b6d.webp"]},
    )
    small_url: str = Field(
        description="The path of the same photo with 480 pixels at most",
        schema_extra={"examples": [f"{PATH}5b0c6ff26b1f4bbd8d2ad5b0e2a3c1f4.webp"]},
    )
    width: int = Field(description="The width of the photo at `url`, in pixels")
    height: int = Field(description="The height of the photo at `url`, in pixels")


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise ValueError("must name each upload once")
    return ids


UploadIds = Annotated[list[UUID], AfterValidator(_each_once)]
"""Ids of uploads, each once."""


def path_of(name: str, *, of_message: bool = False) -> str:
    """The path of a file of a photo.

    Args:
        name: The name of the file.
        of_message: Whether it is a photo of a message.
    """
    return f"{MESSAGE_PATH}{name}" if of_message else f"{PATH}{name}.webp"


def picture_field() -> Any:
    """A column with a `Photo` as JSON, or null."""
    return Field(default=None, sa_type=JSONB(none_as_null=True))
