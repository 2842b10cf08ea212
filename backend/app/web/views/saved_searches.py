"""Saved searches on pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.core.formats import Formats
from app.db.models.saved_searches import (
    FILTERS,
    SELECTIVE,
    SavedSearchFields,
    SavedSearchFilters,
)
from app.web.categories import TreeView
from app.web.forms import Form

LIST, NEW = "/saved-searches", "/saved-searches/new"


class Search(SavedSearchFilters):
    """The filters of a search in the words of a reader.

    Args:
        category_name: The name of its category.
    """

    category_name: str | None


class SavedSearch(BaseModel):
    """A saved search.

    Args:
        name: Its name.
        filters: Its filters in words.
        path: The list of open jobs with these filters.
    """

    id: UUID
    name: str | None
    created_at: datetime
    filters: Search
    path: str


SEARCHES = TypeAdapter(list[SavedSearchFields])


def in_words(filters: SavedSearchFilters, tree: TreeView, language: str) -> Search:
    """Filters in the words of a reader.

    Args:
        filters: The filters.
        tree: The categories.
        language: The language of the page.
    """
    category = tree.find(filters.category)
    return Search(
        **{field: getattr(filters, field) for field in FILTERS},
        category_name=category.named(language) if category else filters.category,
    )


def shown(
    search: SavedSearchFields, tree: TreeView, language: str, formats: Formats
) -> SavedSearch:
    """A saved search, as its user sees it."""
    content = {name: getattr(search, name) for name in FILTERS}
    values = Form.filled("/jobs", content, formats).values
    return SavedSearch(
        id=search.id,
        name=search.name,
        created_at=search.created_at,
        filters=in_words(search, tree, language),
        path=f"/jobs?{urlencode(values, doseq=True)}",
    )


def saving(values: Mapping[str, list[str]]) -> str | None:
    """The page that saves the filters of a list of jobs; None if they can't be saved.

    Args:
        values: The filters as they were entered.
    """
    given: dict[str, Any] = {name: values[name] for name in FILTERS if any(values.get(name, ()))}
    if given.keys().isdisjoint(SELECTIVE):
        return None
    return f"{NEW}?{urlencode(given, doseq=True)}"
