"""Jobs in requests and answers, beside their terms."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.fields import (
    Input,
    Moment,
    Reason,
)
from app.db.models.photos import Photo
from app.db.models.profiles import ProfileRated
from app.db.models.searched import Language
from app.db.models.states.cleanings import (
    CleaningStatus,
)
from app.db.models.terms import (
    CleaningTerms,
)


class Cancellation(Input):
    """The reason for a cancellation."""

    reason: Reason | None = Field(default=None, schema_extra={"examples": ["We are moving."]})


class CleaningSummary(SQLModel):
    """The present state of the job of an offer or a booking."""

    name: str
    starts_at: Moment | None
    status: CleaningStatus


class CleaningPublic(CleaningTerms):
    """A job as the caller may see it."""

    id: UUID
    language: Language | None = Field(
        description="The language of the name and the description (ISO 639-1); null, until it is "
        "filled in, for jobs of an earlier release, which are in the language of the market",
        schema_extra={"examples": ["en"]},
    )
    status: CleaningStatus
    booking_id: UUID | None = Field(
        description="The scheduled or completed booking, shown to its two sides"
    )
    cancellation_reason: str | None
    photo: Photo | None = Field(description="The first of its photos")
    owner: ProfileRated
    offer_count: int = Field(description="How many offers are pending or accepted")
    created_at: Moment
    updated_at: Moment
