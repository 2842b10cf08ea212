"""Personal data of cleanings."""

from uuid import UUID

from sqlalchemy import true
from sqlmodel import Field, SQLModel

from app.db.models.cleanings import Cleaning, CleaningStatus
from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike, within
from app.db.models.terms import CleaningTerms
from app.postgres.statements import col


class RevisionExport(SQLModel):
    """An earlier wording of a job."""

    revision: int
    terms: CleaningTerms
    created_at: Moment = Field(description="When it was replaced")


class CleaningExport(CleaningTerms):
    """A job that one has posted."""

    id: UUID
    status: CleaningStatus
    cancellation_reason: str | None
    created_at: Moment
    updated_at: Moment
    hidden_at: Moment | None
    deleted_at: Moment | None
    revisions: list[RevisionExport]


WORDS = {
    **alike(("name", "description"), Personal(Tier.PUBLIC, "what is to be done")),
    "area": Personal(Tier.PUBLIC, "where it is to be done"),
    "address": Personal(Tier.PARTICIPANT, "where it is to be done"),
}
FIGURES = alike(
    ("cleaning_type", "price", "currency", "starts_at", "duration"),
    Personal(
        Tier.PUBLIC,
        "what is to be done, when, and for how much",
        "what offers and bookings refer to",
    ),
)
TERMS = WORDS | FIGURES

HOLDINGS = (
    Holding(
        "cleanings",
        "owner_id",
        TERMS
        | {
            "search": Personal(Tier.INTERNAL, "to be found by words"),
            "area_key": Personal(Tier.INTERNAL, "to be found by its area"),
            "cancellation_reason": Personal(Tier.PUBLIC, "why they cancelled it"),
        },
        others=(
            *("id", "owner_id", "status", "terms_revision", "version"),
            *("created_at", "updated_at", "deleted_at", "hidden_at", "search_revision"),
        ),
        erased={
            "name": col(Cleaning.name) == "Deleted",
            "search": true(),  # made of name and description: see the check cleanings_words
        },
    ),
    Holding(
        "cleaning_revisions",
        "editor_id",
        within("terms", {name: field._replace(kept="") for name, field in TERMS.items()}),
        others=("cleaning_id", "revision", "editor_id", "created_at"),
    ),
)
