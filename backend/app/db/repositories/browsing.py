"""Pages of lists with filters: browsed in an order, or searched."""

from typing import Any
from uuid import UUID

from app.core.languages import Languages
from app.core.queries import Query
from app.core.security.tokens import Bearer
from app.db.models.fields import new_id
from app.db.models.listings import ListingFilters, ListingSort
from app.db.models.pages import Hint
from app.db.repositories.listing_pages import Kind, browse
from app.db.repositories.listings import Listing
from app.db.repositories.matches import queries
from app.db.repositories.pages import PageQuery, PageRequest, SearchPage
from app.db.repositories.searches import MOMENT_PLACE, search
from app.postgres.statements import Source

BY_PREFIX = "prefix"
"""Ends the keys of pages that were found by the beginning of a word."""


async def find(
    listing: Listing,
    source: Source,
    caller: Bearer | None,
    filters: ListingFilters,
    request: PageRequest,
    currency: str,
    languages: Languages,
) -> SearchPage:
    """The objects that match all filters, in the order that is asked for.

    Args:
        listing: What is listed.
        source: Runs the statement.
        caller: The caller; None for a visitor.
        filters: The filters, and the order.
        request: The requested page.
        currency: The currency of prices, if the filters name none.
        languages: The languages of the market.

    Raises:
        Unauthenticated: The session has ended.
    """
    asked = listing.asked_for(filters, currency, languages)
    given = listing.given(asked)
    if filters.q is not None and filters.sort is None:
        asked["moment"] = UUID(request.after[MOMENT_PLACE]) if request.after else new_id()
        query = search(listing, given & listing.walked, request.shape, for_visitors=caller is None)
    else:
        kind = Kind.of(listing, filters.sort or ListingSort.NEWEST, given)
        query = browse(listing, kind, request.shape, for_visitors=caller is None)
    if filters.q is None:
        return SearchPage(await query.page(source, caller, request, **asked), None)
    return await _searched(query, source, caller, request, Query(filters.q), asked)


async def _searched(
    query: PageQuery,
    source: Source,
    caller: Bearer | None,
    request: PageRequest,
    q: Query,
    asked: dict[str, Any],
) -> SearchPage:
    """Reads a page of a search; if the words find nothing, with the last one as a prefix.

    The statement is the same. Its parent row has the number of the words that are searched.
    """
    if request.after is None or request.after[-1] != BY_PREFIX:
        page = await query.page(source, caller, request, **asked, **queries(q, asked))
        if page.items or request.after:
            return SearchPage(page, None)
        if not page.parent:
            return SearchPage(page, Hint.ONLY_STOP_WORDS)
        if not q.may_be_prefix:
            return SearchPage(page, Hint.NOTHING_FOUND)
    asked |= queries(q, asked, as_prefix=True)
    page = await query.page(source, caller, request, **asked)
    if page.next:
        page = page._replace(next=(*page.next, BY_PREFIX))
    return SearchPage(page, None if page.items or request.after else Hint.NOTHING_FOUND)
