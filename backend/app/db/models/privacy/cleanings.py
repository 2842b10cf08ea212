"""Personal data of cleanings."""

from uuid import UUID

from sqlalchemy import Text, cast
from sqlmodel import Field, SQLModel

from app.db.models.cleanings import Cleaning
from app.db.models.fields import Moment
from app.db.models.photos import Photo
from app.db.models.privacy import Holding, Personal, Tier, alike, within
from app.db.models.searched import Language
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.terms import CleaningTerms
from app.postgres.statements import col


class RevisionExport(SQLModel):
    """An earlier revision of a job."""

    revision: int
    terms: CleaningTerms
    created_at: Moment = Field(description="When it was replaced")


class CleaningExport(CleaningTerms):
    """A job of the user."""

    id: UUID
    language: Language | None
    status: CleaningStatus
    cancellation_reason: str | None
    created_at: Moment
    updated_at: Moment
    photos: list[Photo]
    hidden_at: Moment | None
    deleted_at: Moment | None
    revisions: list[RevisionExport]


WORDS = {
    **alike(("name", "description"), Personal(Tier.PUBLIC, "description of the job")),
    "area": Personal(Tier.PUBLIC, "place of the job"),
    "address": Personal(Tier.PARTICIPANT, "place of the job"),
}
FIGURES = alike(
    ("cleaning_type", "price", "currency", "starts_at", "duration", "category", "extras"),
    Personal(
        Tier.PUBLIC,
        "kind, time and price of the job",
        "referenced by offers and bookings",
    ),
)
TERMS = WORDS | FIGURES
LANGUAGE = FIGURES["price"]._replace(purpose="language of the job's texts")

HOLDINGS = (
    Holding(
        "cleanings",
        "owner_id",
        TERMS
        | {
            "language": LANGUAGE,
            "photos": Personal(Tier.PUBLIC, "photos of the job"),
            "search": Personal(Tier.INTERNAL, "full-text search"),
            "area_key": Personal(Tier.INTERNAL, "filter by area"),
            "cancellation_reason": Personal(Tier.PUBLIC, "reason of the cancellation"),
        },
        others=(
            *("id", "owner_id", "status", "ordered", "terms_revision", "version"),
            *("created_at", "updated_at", "ended_at", "deleted_at", "hidden_at"),
            *("search_revision", "words_revision"),
        ),
        erased={
            "name": col(Cleaning.name) == "Deleted",
            "photos": cast(col(Cleaning.photos), Text) == "[]",
        },
    ),
    Holding(
        "cleaning_revisions",
        "editor_id",
        within("terms", {name: field._replace(kept="") for name, field in TERMS.items()}),
        others=("cleaning_id", "revision", "editor_id", "created_at"),
    ),
)
