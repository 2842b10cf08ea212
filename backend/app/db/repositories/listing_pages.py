"""Pages of lists with filters, in the order of an index.

Callers combine filters, orders and page sizes as they like, so a statement for each combination
would be one of thousands. There are few: what decides about the plan makes a statement of its own
(`Kind`), and all other filters are conditions that hold if their argument is null. Statements with
such conditions are planned for their arguments each time, which removes what is null.
"""

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import FromClause, func, select, union_all

from app.db.models.listings import ListingSort
from app.db.models.users import User
from app.db.repositories.category_filters import first_of_each
from app.db.repositories.listings import Listing
from app.db.repositories.matches import any_query
from app.db.repositories.pages import PageQuery, PageShape, part
from app.postgres.statements import PLANNED_EACH_TIME, Rows, col, inline, unseen

NONE: frozenset[str] = frozenset()

SORTS: dict[ListingSort, tuple[list[str], bool]] = {
    ListingSort.NEWEST: (["id"], True),
    ListingSort.OLDEST: (["id"], False),
    ListingSort.PRICE: (["price", "id"], False),
    ListingSort.PRICE_DESCENDING: (["price", "id"], True),
}
"""The columns of the keys, and whether the largest come first."""

BY_PRICE = (ListingSort.PRICE, ListingSort.PRICE_DESCENDING)

IN_ORDER_OF_PRICE = frozenset({"status", "currency"})
"""Filters by the first columns of an index that has the rows in the order of their prices."""


class Kind(NamedTuple):
    """The properties of a request that decide about the statement that answers it.

    Args:
        sort: The order.
        fixed: The filters that are given and whose conditions stand in the statement.
        others: Whether any other filter may be given, each as a condition that holds if it is null.
    """

    sort: ListingSort
    fixed: frozenset[str]
    others: bool

    @classmethod
    def of(cls, listing: Listing, sort: ListingSort, given: frozenset[str]) -> "Kind":
        """The kind of a request.

        Args:
            listing: What is listed.
            sort: The order.
            given: The names of the filters. An order by price needs a currency.
        """
        by_price = sort in BY_PRICE
        q = given & {"q"}
        if "category" in given:
            fixed = given & ({"category", "currency"} if by_price else {"category"})
            return cls(sort, fixed | q, others=not given <= fixed | {"status"})
        fixed = given & (IN_ORDER_OF_PRICE if by_price else listing.in_order_of_id)
        if len(fixed) == len(given):
            return cls(sort, fixed, others=False)
        # Which of several indexes is best now, the planner finds out.
        return cls(sort, (fixed if by_price else NONE) | q, others=True)

    def nullable(self, listing: Listing) -> frozenset[str]:
        """The other filters that may be given. A category and words are given or not."""
        others = listing.filters.keys() - self.fixed - {"category", "q"}
        return frozenset(others if self.others else ())


def _rows(listing: Listing, fixed: Collection[str], nullable: Collection[str]) -> Rows:
    """Selects the rows that match some filters, of accounts whose rows the caller finds."""
    table = listing.table
    return (
        select(table)
        .join(User, col(User.id) == listing.owner(table.c))
        .where(
            listing.found(table.c, User),
            *listing.existing(table.c, fixed, nullable),
            *listing.matching(table.c, fixed, nullable),
        )
    )


def _merged(listing: Listing, kind: Kind, shape: PageShape) -> FromClause | None:
    """The rows of a page where no single index has them in their order; None if one does.

    Some rows of each state, and in each category if one is asked for, are read in the order of an
    index.
    """
    keys, descending = SORTS[kind.sort]
    nullable = kind.nullable(listing)
    columns = [listing.table.c[key] for key in keys]
    if "category" in kind.fixed:
        (in_status,) = listing.matching(listing.table.c, (), {"status"})
        rows = _rows(listing, kind.fixed - {"category"}, nullable - {"status"})
        rows = rows.where(unseen(in_status))
        statuses = [it.value for it in listing.statuses]
        return first_of_each(rows, listing.table, statuses, columns, shape, descending=descending)
    if kind.sort in BY_PRICE and "status" not in kind.fixed:
        rows = _rows(listing, kind.fixed, nullable - {"status"})
        of_each = (rows.where(listing.table.c.status == inline(it)) for it in listing.statuses)
        parts = (part(it, columns, shape, descending=descending) for it in of_each)
        return union_all(*parts).subquery()
    return None


@cache
def browse(
    listing: Listing, kind: Kind, shape: PageShape, *, for_visitors: bool = False
) -> PageQuery:
    """Reads the rows that match some filters, in one of the orders."""
    keys, descending = SORTS[kind.sort]
    merged = _merged(listing, kind, shape)
    source: FromClause = listing.table if merged is None else merged
    view = listing.view(source.c)
    statement, item = select().select_from(view.owner.joined(source)), view.json()
    if "category" in kind.fixed:
        # The planner overestimates the categories. Each item is found by its id all the same.
        model: Any = listing.model
        view = listing.view(model)
        found = select(view.json()).select_from(view.owner.joined(model))
        item = found.where(col(model.id) == source.c.id).scalar_subquery()
        statement = select().select_from(source)
    if merged is None:
        nullable = kind.nullable(listing)
        statement = statement.where(
            listing.found(source.c, view.owner.user),
            *listing.existing(source.c, kind.fixed, nullable),
            *listing.matching(source.c, kind.fixed, nullable),
        )
    if kind.others:
        statement = statement.where(PLANNED_EACH_TIME)
    return PageQuery(
        statement,
        item=item,
        keys=[source.c[key] for key in keys],
        descending=descending,
        shape=shape,
        within=select(func.numnode(any_query())) if "q" in kind.fixed else None,
        for_visitors=for_visitors,
    )
