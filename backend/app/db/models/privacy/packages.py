"""Personal data of packages."""

from uuid import UUID

from sqlalchemy import Text, cast
from sqlmodel import Field, SQLModel

from app.db.models.fields import Moment
from app.db.models.package_terms import PackageTerms
from app.db.models.packages import Package
from app.db.models.photos import Photo
from app.db.models.privacy import Holding, Personal, Tier, alike, within
from app.db.models.searched import Language
from app.db.models.states.packages import PackageStatus
from app.postgres.statements import col

REFERENCED = "referenced by orders"


class PackageRevisionExport(SQLModel):
    """An earlier revision of a package."""

    revision: int
    terms: PackageTerms
    created_at: Moment = Field(description="When it was replaced")


class PackageExport(PackageTerms):
    """A package of the user."""

    id: UUID
    language: Language
    status: PackageStatus
    revision: int
    stock: int | None
    offered: int | None
    created_at: Moment
    updated_at: Moment
    photos: list[Photo]
    hidden_at: Moment | None
    revisions: list[PackageRevisionExport]


WORDS = {
    **alike(("name", "description"), Personal(Tier.PUBLIC, "description of the package")),
    "area": Personal(Tier.PUBLIC, "area of the cleaner"),
}
FIGURES = alike(
    ("price", "currency", "duration", "category"),
    Personal(Tier.PUBLIC, "kind, price and duration of the package", REFERENCED),
)
TERMS = WORDS | FIGURES

HOLDINGS = (
    Holding(
        "packages",
        "seller_id",
        TERMS
        | {
            "language": Personal(Tier.PUBLIC, "language of the package's texts", REFERENCED),
            "stock": Personal(Tier.PUBLIC, "number that can be ordered", REFERENCED),
            "offered": Personal(Tier.PRIVATE, "number that was put into stock", REFERENCED),
            "photos": Personal(Tier.PUBLIC, "photos of the package"),
            "search": Personal(Tier.INTERNAL, "full-text search"),
            "area_key": Personal(Tier.INTERNAL, "filter by area"),
        },
        others=(
            *("id", "seller_id", "status", "revision", "version"),
            *("created_at", "updated_at", "hidden_at", "words_revision"),
        ),
        erased={
            "name": col(Package.name) == "Deleted",
            "photos": cast(col(Package.photos), Text) == "[]",
        },
    ),
    Holding(
        "package_revisions",
        "editor_id",
        within("terms", {name: field._replace(kept="") for name, field in TERMS.items()}),
        others=("package_id", "revision", "editor_id", "created_at"),
    ),
)
