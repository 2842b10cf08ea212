"""Saved searches: saving, changing and deleting them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.core.errors import Invalid, PreconditionFailed
from app.core.languages import Languages
from app.core.queries import Query
from app.core.raising import raises
from app.core.versions import ExpectedVersion
from app.db.models.categories import CategoryNotOffered
from app.db.models.saved_searches import (
    FILTERS,
    KEY_OF_ALL,
    MOST_PER_ACCOUNT,
    SavedSearch,
    SavedSearchCreate,
    SavedSearchFilters,
    SavedSearchNotFound,
    SavedSearchUpdate,
    TooManySavedSearches,
    keys_of,
)
from app.db.models.users import User
from app.db.repositories.categories import CategoryRepository
from app.db.repositories.saved_searches import SavedSearchRepository
from app.postgres.transactions import Transaction


class SavedSearchService:
    """The use cases of saved searches.

    Args:
        transaction: The unit of work.
        currency: The currency of prices of searches that name none.
        languages: The languages of the market.
    """

    def __init__(self, transaction: Transaction, currency: str, languages: Languages) -> None:
        self._categories = CategoryRepository(transaction)
        self._searches = SavedSearchRepository(transaction)
        self._currency, self._languages = currency, languages

    @raises(TooManySavedSearches, CategoryNotOffered)
    async def save(self, caller: User, draft: SavedSearchCreate) -> SavedSearch:
        """Saves a search.

        Args:
            caller: The account, locked against others that save searches at the same time.
            draft: The filters, and a name.
        """
        await self._categories.demand_offered(draft.category)
        completed, keys = await self._prepare(draft)
        if await self._searches.count(caller.id) >= MOST_PER_ACCOUNT:
            raise TooManySavedSearches
        search = SavedSearch(user_id=caller.id, **draft.model_dump() | completed)
        self._searches.add(search)
        self._searches.replace_keys(search.id, keys)
        return search

    @raises(SavedSearchNotFound, PreconditionFailed, CategoryNotOffered)
    async def edit(
        self, caller: User, search_id: UUID, changes: SavedSearchUpdate, expected: ExpectedVersion
    ) -> None:
        """Changes the filters of a search, or its name.

        The currency is removed with the last price, unless the changes name one.
        """
        search = await self._searches.lock(caller.id, search_id)
        expected.demand(search.version)
        given = search.differing(changes.model_dump(exclude_unset=True))
        if "category" in given:
            await self._categories.demand_offered(given["category"])
        if given.keys() & set(FILTERS):
            filters = {name: getattr(search, name) for name in FILTERS} | given
            changed = SavedSearchFilters.model_construct(**filters)
            if search.is_priced and not changed.is_priced:
                changed.currency = changes.currency
            completed, keys = await self._prepare(changed)
            self._searches.replace_keys(search.id, keys)
            given |= completed
        search.take_over(given)

    @raises(SavedSearchNotFound)
    async def delete(self, caller: User, search_id: UUID) -> None:
        """Deletes a saved search."""
        await self._searches.delete(caller.id, search_id)

    async def _prepare(self, search: SavedSearchFilters) -> tuple[dict[str, Any], Sequence[str]]:
        """The columns that complete a search, and its keys."""
        q = None if search.q is None else Query(search.q)
        ways = await self._searches.prepare(q, self._languages, search.language) if q else ()
        if q and not ways:
            raise Invalid(
                "These words are too common to search for. Try a more specific one.", field="q"
            )
        keys = keys_of(search.area, search.category, [way.word for way in ways])
        if KEY_OF_ALL in keys:
            raise Invalid("Enter words, an area or a category.", field="q")
        completed = {
            "currency": search.currency or (self._currency if search.is_priced else None),
            "queries": {way.language: way.query for way in ways},
        }
        return completed, keys
