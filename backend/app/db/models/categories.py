"""Categories: the tree of services that jobs belong to."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pydantic
from pydantic import StringConstraints
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    case,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.errors import Conflict, Invalid, NotFound
from app.db.models.fields import Name, id_field, new_id
from app.db.models.users import User
from app.db.models.versioned import Versioned
from app.postgres.rows import Expressions, Row
from app.postgres.statements import col

MOST_TIERS = 4
MOST_CATEGORIES = 500
MOST_LANGUAGES = 50

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_SLUG = 60
LANGUAGE_TAG = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"

Slug = Annotated[str, StringConstraints(max_length=LONGEST_SLUG, pattern=SLUG)]
"""The permanent name of a category, for programs."""
LanguageTag = Annotated[str, StringConstraints(pattern=LANGUAGE_TAG)]
"""A language with an optional script and region, as in BCP 47: `pt-BR`."""
BY_TAG = pydantic.Field(
    max_length=MOST_LANGUAGES, json_schema_extra={"additionalProperties": False}
)
"""What a mapping from language tags to texts has in common with all others."""
Names = Annotated[dict[LanguageTag, Name], BY_TAG]
"""The names of a category by language."""


def slug_type() -> String:
    """The column type of a slug."""
    return String(LONGEST_SLUG, collation="C")


def category_field() -> Any:
    """A reference to a category, which a thing may have."""
    return Field(
        default=None,
        foreign_key="categories.slug",
        sa_type=slug_type(),
        description="The slug of a category",
        schema_extra={"examples": ["window-cleaning"]},
    )


class CategoryNotFound(NotFound):
    code = "category_not_found"
    detail = "Category not found."


class CategoryNotOffered(Invalid):
    code = "category_not_offered"
    detail = "No such category is offered."


class CategoryTaken(Conflict):
    code = "category_taken"
    detail = "Another category has this slug."


class CategoryUsed(Conflict):
    code = "category_used"
    detail = "The category is or was in use, or has others beneath it. It can be deactivated."


class CategoryTooDeep(Conflict):
    code = "category_too_deep"
    detail = f"The tree has at most {MOST_TIERS} tiers."


class CategoryInCircle(Conflict):
    code = "category_in_circle"
    detail = "A category can't be moved beneath itself."


class TooManyCategories(Conflict):
    code = "too_many_categories"
    detail = f"There are at most {MOST_CATEGORIES} categories."


class Category(Versioned, table=True):
    """A node of the tree.

    The slug stands in the terms of jobs, also in earlier ones, so it never changes.
    """

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("slug"),
        # A child is one tier below its parent. So there can be no circle.
        UniqueConstraint("id", "tier"),
        # It is checked at the end of a transaction, which may move several.
        ForeignKeyConstraint(
            ["parent_id", "parent_tier"],
            ["categories.id", "categories.tier"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("(parent_id IS NULL) = (parent_tier IS NULL)", name="parent"),
        CheckConstraint(
            f"tier = coalesce(parent_tier, 0) + 1 AND tier <= {MOST_TIERS}", name="tier"
        ),
        CheckConstraint(f"slug ~ '{SLUG}'", name="slug"),
        CheckConstraint("position > 0", name="position"),
        Index("ix_categories_parent_id", "parent_id"),  # the categories beneath one
    )

    id: UUID = id_field()
    parent_id: UUID | None = None
    parent_tier: int | None = None
    tier: int = 1
    slug: str = Field(sa_type=slug_type())
    name: str
    names: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    position: int
    active: bool = True

    def rename(self, name: str | None, names: Mapping[str, str | None] | None) -> None:
        """Changes its names.

        Args:
            name: The name where `names` has none; None to keep it.
            names: Names by language, which are merged with the present ones; None removes one.

        Raises:
            Invalid: It would have names in too many languages.
        """
        merged = {**self.names, **(names or {})}
        kept = {language: text for language, text in merged.items() if text is not None}
        if len(kept) > MOST_LANGUAGES:
            raise Invalid("There can be {most} at most.", field="names", most=MOST_LANGUAGES)
        self.take_over({"name": name or self.name, "names": kept})

    def put_beneath(self, parent: "Category | None") -> None:
        """Puts the category beneath another one, or at the top.

        Raises:
            CategoryTooDeep: The parent is on the lowest tier.
        """
        above = parent.tier if parent else None
        tier = (above or 0) + 1
        if tier > MOST_TIERS:
            raise CategoryTooDeep
        parent_id = parent.id if parent else None
        self.take_over({"parent_id": parent_id, "parent_tier": above, "tier": tier})


class Counted(StrEnum):
    """What is counted by category."""

    JOBS = "jobs"
    PACKAGES = "packages"


class CategoryCount(Row, table=True):
    """The numbers of open jobs and published packages of one category, not those beneath it.

    To them belong the changes in `category_deltas` that the worker has not added yet.
    """

    __tablename__ = "category_counts"

    category: str = Field(primary_key=True, foreign_key="categories.slug", sa_type=slug_type())
    jobs: int = 0
    packages: int = 0


class CategoryDelta(Row, table=True):
    """A change of the numbers of a category.

    It is a row of its own: a number that all postings changed would make them wait for each other.
    A reference to the category would lock that row, too; the doctor adds up what these rows say.
    """

    __tablename__ = "category_deltas"

    id: UUID = id_field()
    category: str = Field(sa_type=slug_type())
    owner_id: UUID
    jobs: int = 0
    packages: int = 0

    @classmethod
    def derived(cls, written: Expressions) -> Expressions:
        """Jobs of a blocked owner don't count; blocking subtracted them."""
        blocked_at: ColumnElement[Any] = (
            select(col(User.blocked_at)).where(col(User.id) == written["owner_id"])
        ).scalar_subquery()
        return {"jobs": case((blocked_at.is_(None), written["jobs"]), else_=literal_column("0"))}


def deltas(
    counted: Counted, owner_id: UUID, before: str | None, after: str | None
) -> list[CategoryDelta]:
    """The changes of numbers when a thing comes to be counted elsewhere.

    Args:
        counted: What it is.
        owner_id: The account of its owner or seller.
        before: The category that has counted it; None for none.
        after: The category that counts it now.
    """
    if before == after:
        return []
    return [
        CategoryDelta(id=new_id(), category=category, owner_id=owner_id, **{counted: by})
        for category, by in ((before, -1), (after, 1))
        if category is not None
    ]
