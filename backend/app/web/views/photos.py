"""Photos on pages. Their paths are those of uploads, never addresses elsewhere."""

from uuid import UUID

from pydantic import BaseModel


class Thumbnail(BaseModel):
    """A photo in a list."""

    small_url: str


class Photo(Thumbnail):
    """A photo."""

    id: UUID
    url: str
