"""Pages of lists with filters: browsed in an order, or searched."""

from uuid import UUID

from app.core.security.tokens import Bearer
from app.db.models.fields import new_id
from app.db.models.listings import ListingFilters, ListingSort
from app.db.repositories.listings import Kind, Listing, browse
from app.db.repositories.pages import Page, PageRequest
from app.db.repositories.searches import search
from app.postgres.statements import Source


async def find(
    listing: Listing,
    source: Source,
    caller: Bearer,
    filters: ListingFilters,
    request: PageRequest,
    currency: str,
) -> Page:
    """The objects that match all filters, in the order that is asked for.

    Args:
        listing: What is listed.
        source: Runs the statement.
        caller: The caller.
        filters: The filters, and the order.
        request: The requested page.
        currency: The currency of prices, if the filters name none.
    """
    asked = listing.asked_for(filters, currency)
    given = listing.given(asked)
    if filters.q is not None and filters.sort is None:
        asked["moment"] = UUID(request.after[-1]) if request.after else new_id()
        query = search(listing, given & listing.walked, request.shape)
    else:
        kind = Kind.of(listing, filters.sort or ListingSort.NEWEST, given)
        query = browse(listing, kind, request.shape)
    return await query.page(source, caller, request, **asked)
