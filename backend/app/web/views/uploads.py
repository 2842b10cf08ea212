"""Uploads on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.web.views.photos import Photo


class Upload(BaseModel):
    """An upload of the viewer."""

    id: UUID
    state: str
    reason: str | None
    photo: Photo | None
    hidden: bool
    created_at: datetime

    @property
    def is_processing(self) -> bool:
        """Whether its photo is not made yet."""
        return self.state == "processing"


class Attached(BaseModel):
    """The uploads that are attached to a job or a package."""

    uploads: list[Upload]


UPLOADS = TypeAdapter(list[Upload])
