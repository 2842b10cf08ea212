"""Saved searches: filters of jobs, whose users are told of new jobs that match."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import WithJsonSchema
from sqlalchemy import CheckConstraint, Index, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, NotFound
from app.core.names import text_key
from app.db.models.categories import Slug, slug_type
from app.db.models.fields import (
    Area,
    Currency,
    Input,
    Moment,
    Name,
    PriceLimit,
    SearchWords,
    choice,
    id_field,
    key_field,
    moment_field,
)
from app.db.models.searched import LANGUAGE_CODE, Language
from app.db.models.terms import CleaningType
from app.db.models.versioned import Tagged, Versioned
from app.postgres.rows import Row

MOST_PER_ACCOUNT = 20
MOST_COMPARED = 10_000
"""The largest number of searches, of those that have a key of a job, that it is compared with."""
MOST_TOLD = 1_000
"""The largest number of people who are told of a job. If more have a search that matches, who they
are is decided by chance, for each job anew."""
LONGEST_KEY = 500
"""In characters: an index of PostgreSQL takes 2,700 bytes."""
KEY_OF_ALL = "/"
"""The key that all jobs have. No search may have it, since each job would be compared with it."""


Limit = Annotated[
    PriceLimit,
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"}, mode="serialization"),
]
"""A limit of prices, which may be zero."""


class SavedSearchNotFound(NotFound):
    code = "saved_search_not_found"
    detail = "Saved search not found."


class TooManySavedSearches(Conflict):
    code = "too_many_saved_searches"
    detail = f"You have {MOST_PER_ACCOUNT} saved searches. Delete one first."


class SavedSearchFilters(SQLModel):
    """Filters of jobs, as in `CleaningFilters`."""

    q: SearchWords | None = Field(
        default=None,
        description="Words to be found in the name or the description, as when jobs are searched; "
        "always whole words",
        schema_extra={"examples": ["scrubbing ovens"]},
    )
    language: Language | None = Field(
        default=None, max_length=2, description="The language of the name and the description"
    )
    area: Area | None = Field(
        default=None,
        description="The whole area, in any case",
        schema_extra={"examples": ["Old Town"]},
    )
    category: Slug | None = Field(
        default=None,
        foreign_key="categories.slug",
        ondelete="CASCADE",
        sa_type=slug_type(),
        description="The slug of a category, which includes all beneath it",
        schema_extra={"examples": ["windows"]},
    )
    cleaning_type: CleaningType | None = Field(
        default=None, sa_type=choice(CleaningType, "cleaning_type")
    )
    currency: Currency | None = Field(
        default=None,
        max_length=3,
        description="That of the price, with which it is removed; with a price, that of the market "
        "by default",
    )
    min_price: Limit | None = Field(default=None, sa_type=Numeric(10, 2))
    max_price: Limit | None = Field(default=None, sa_type=Numeric(10, 2))
    starts_after: Moment | None = moment_field(default=None, description="At this time or later")
    starts_before: Moment | None = moment_field(default=None, description="Before this time")

    @property
    def is_priced(self) -> bool:
        """Whether there is a limit of the price."""
        return (self.min_price, self.max_price) != (None, None)


FILTERS = tuple(SavedSearchFilters.model_fields)
SELECTIVE = ("q", "area", "category")
"""The filters of which a search has at least one, so that an index finds it."""


class SavedSearch(SavedSearchFilters, Versioned, table=True):
    """A saved search.

    `queries` has the words as full-text queries, by the languages of the texts that they are looked
    for in.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (
        CheckConstraint(f"language ~ '{LANGUAGE_CODE}'", name="language"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("min_price >= 0 AND max_price >= 0", name="prices"),
        CheckConstraint("(area IS NULL) = (area_key IS NULL)", name="area_key"),
        CheckConstraint(f"num_nonnulls({', '.join(SELECTIVE)}) > 0", name="selective"),
        CheckConstraint("(q IS NULL) = (queries = '{}')", name="queries"),
        Index("ix_saved_searches_user_id", "user_id", "id"),  # those of a user
        Index("ix_saved_searches_category", "category"),  # to delete those of a category with it
    )

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="users.id")
    name: str | None = None
    area_key: str | None = key_field(default=None)
    queries: dict[str, str] = Field(sa_type=JSONB)

    def keyed(self) -> dict[str, Any]:
        """The comparison key of its area."""
        return {"area_key": None if self.area is None else text_key(self.area)}


class SavedSearchKey(Row, table=True):
    """A key of a saved search, by which it is found. Each job that matches has one of them."""

    __tablename__ = "saved_search_keys"
    __table_args__ = (
        Index("ix_saved_search_keys_search_id", "search_id"),  # those of a search
    )

    key: str = Field(primary_key=True, sa_type=String(collation="C"))
    search_id: UUID = Field(primary_key=True, foreign_key="saved_searches.id", ondelete="CASCADE")


def keys_of(area: str | None, category: str | None, words: Sequence[str | None]) -> list[str]:
    """The keys of a search: each is a place and a word, or a place and a category.

    A job has the keys of its area and of no area, each with all its words, with its category and
    those above, and with neither (`app.db.repositories.saved_search_matches`). So a job has about
    a hundred keys, and a search has few.

    Args:
        area: The area.
        category: The category.
        words: Of each way to match the words, one that all texts have that match in this way; None
            if there is none. Empty if no words are searched.
    """
    place, instead = "" if area is None else text_key(area), category or ""
    found = (instead if word is None else word for word in words or (None,))
    return sorted({f"{place}/{each}"[:LONGEST_KEY] for each in found})


class SavedSearchCreate(Input, SavedSearchFilters):
    """A new saved search: with words, an area or a category."""

    name: Name | None = Field(default=None, schema_extra={"examples": ["Ovens in the Old Town"]})


class SavedSearchUpdate(SavedSearchCreate):
    """Changes of a saved search; null removes a filter, or the name."""


class SavedSearchFields(SavedSearchFilters):
    """A saved search, as its user sees it."""

    id: UUID
    name: str | None
    created_at: Moment


class SavedSearchPublic(SavedSearchFields, Tagged):
    """A saved search, as its user sees it."""
