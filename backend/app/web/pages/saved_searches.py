"""Saved searches: saving, listing, editing and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.pages import PageParameters
from app.db.models.saved_searches import (
    FILTERS,
    SavedSearchCreate,
    SavedSearchPublic,
    SavedSearchUpdate,
)
from app.db.repositories.saved_searches import SavedSearchReader
from app.services.saved_searches import SavedSearchService
from app.web.forms import Form
from app.web.job_forms import TYPES
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.saved_searches import (
    LIST,
    NEW,
    SEARCHES,
    SavedSearch,
    Search,
    in_words,
    shown,
)
from app.web.visits import Visit

SEARCH = f"{LIST}/{{search_id:uuid}}"

SAID = {
    "search_saved": N_("The search is saved. You are told of new jobs that match."),
    "search_edited": N_("The saved search is changed."),
    "search_deleted": N_("The saved search is deleted."),
}

pages = Pages()


@dataclass(frozen=True)
class SearchesPage(Template, file="saved_searches/list.html"):
    """The saved searches of the caller.

    Args:
        searches: The searches.
        more: The address of the next page.
    """

    searches: list[SavedSearch]
    more: str | None


@dataclass(frozen=True)
class SavingPage(Template, file="saved_searches/new.html"):
    """The form that saves a search.

    Args:
        form: The filters and the name.
        filters: The names of the filters.
        search: The filters in words.
    """

    form: Form
    filters: Sequence[str]
    search: Search


@dataclass(frozen=True)
class SearchPage(Template, file="saved_searches/edit.html"):
    """The form that edits a saved search.

    Args:
        form: The filters and the name.
        categories: The categories for the filter.
        types: The kinds of cleaning.
        currency: That of the prices.
    """

    form: Form
    categories: list[tuple[str, str]]
    types: Sequence[str]
    currency: str


@pages.get(LIST)
async def show_searches(visit: Visit) -> Response:
    """The saved searches of the caller."""
    parameters = visit.filters(PageParameters, visit.asked())
    page = await SavedSearchReader(visit.reads).own(visit.caller, visit.listing.part(parameters))
    tree = await visit.site.categories.tree(visit.reads)
    searches = [
        shown(it, tree, visit.language, visit.renderer.formats)
        for it in SEARCHES.validate_json(json_list(page))
    ]
    return visit.page(SearchesPage(searches, visit.more(page)))


@pages.get(NEW)
async def show_saving(visit: Visit) -> Response:
    """The form that saves the filters in the query."""
    asked = visit.filters(SavedSearchCreate, visit.asked())
    form = visit.form_at(NEW, asked.model_dump())
    tree = await visit.site.categories.tree(visit.reads)
    search = in_words(visit.filters(SavedSearchCreate, form), tree, visit.language)
    return visit.page(SavingPage(form, FILTERS, search))


@pages.post(NEW, again=show_saving)
async def save_search(visit: Visit) -> Response:
    """Saves a search."""
    draft = visit.read(SavedSearchCreate)
    user = await visit.locked_user()
    await search_service(visit).save(user, draft)
    return visit.see(LIST, "search_saved")


@pages.get(f"{SEARCH}/edit")
async def show_search(visit: Visit, search_id: UUID) -> Response:
    """The form that edits a saved search."""
    item = await SavedSearchReader(visit.reads).one(visit.caller, search_id)
    search = SavedSearchPublic.model_validate_json(item.json)
    content = search.model_dump(include={"name", *FILTERS} - {"currency"})
    form = visit.form_at(f"{LIST}/{search_id}/edit", content, item.version)
    tree = await visit.site.categories.tree(visit.reads)
    categories = tree.options(visit.language, form.value("category"))
    currency = search.currency or visit.site.currency
    return visit.page(SearchPage(form, categories, TYPES, currency))


@pages.post(f"{SEARCH}/edit", again=show_search)
async def edit_search(visit: Visit, search_id: UUID) -> Response:
    """Edits a saved search."""
    changes = visit.read(SavedSearchUpdate)
    user = await visit.user()
    await search_service(visit).edit(user, search_id, changes, visit.seen)
    return visit.see(LIST, "search_edited")


@pages.post(f"{SEARCH}/deletion")
async def delete_search(visit: Visit, search_id: UUID) -> Response:
    """Deletes a saved search."""
    await search_service(visit).delete(await visit.user(), search_id)
    return visit.see(LIST, "search_deleted")


def search_service(visit: Visit) -> SavedSearchService:
    """The use cases of saved searches."""
    return SavedSearchService(visit.transaction, visit.site.currency, visit.site.languages)
