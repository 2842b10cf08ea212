"""Lists with filters and orders: of jobs, and of packages.

Callers combine filters, orders and page sizes as they like, so a statement for each combination
would be one of thousands. There are few: what decides about the plan makes a statement of its own
(`Kind`), and all other filters are conditions that hold if their argument is null. Statements with
such conditions are planned for their arguments each time, which removes what is null.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Numeric,
    Text,
    func,
    or_,
    select,
    union_all,
)

from app.core.languages import Languages
from app.core.names import text_key
from app.db.models.listings import ListingFilters, ListingSort
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID
from app.db.repositories.category_filters import CATEGORY, first_of_each, is_beneath
from app.db.repositories.matches import any_query, asked_in, has_words
from app.db.repositories.pages import PageQuery, PageShape, part
from app.db.repositories.people import PERSON_ID, person
from app.db.repositories.person_views import Person
from app.postgres.rows import Row
from app.postgres.statements import PLANNED_EACH_TIME, Rows, col, inline, optional

Condition = Callable[[Any], ColumnElement[bool]]
"""A condition, made for the columns of some rows."""


class View(Protocol):
    """An object as it is shown, with the account that it belongs to."""

    owner: Person

    def json(self) -> ColumnElement[Any]:
        """The object as JSON."""


TEXTS = ("status", "mine", "currency", "language", "area", "q")
ASKED: Mapping[str, BindParameter[Any]] = {
    **{name: optional(name, Text()) for name in TEXTS},
    **{name: optional(name, Numeric()) for name in ("min_price", "max_price")},
    "category": CATEGORY,
}
"""The arguments of the filters that all lists have; null for those that are not given."""

NONE: frozenset[str] = frozenset()


class Listing:
    """A kind of object that is listed: how its rows are filtered, ordered and shown.

    Args:
        model: The table class. Its table has the columns `id`, `status`, `currency`, `price`,
            `area_key`, `category`, `language` and `search`, and an index for each order and each
            filter in `walked`, also by category, status and the keys of each order.
        view: Shows rows, as the table class or other columns have them.
        owner: The column of the account that a row belongs to.
        person: The name of the filter by this account.
        statuses: The states.
        shown: The conditions under which rows are listed for others than their owner, whose
            account must not be blocked either.
        filters: Further filters, or other conditions of those that all lists have.
        asked: The arguments of the further filters.
        kept: The conditions of rows that are listed at all.
    """

    def __init__(
        self,
        model: type[Row],
        view: Callable[[Any], View],
        *,
        owner: str,
        person: str,
        statuses: type[StrEnum],
        shown: Sequence[Condition],
        filters: Mapping[str, Condition],
        asked: Mapping[str, BindParameter[Any]],
        kept: Sequence[Condition] = (),
    ) -> None:
        self.model, self.view, self.statuses = model, view, statuses
        self.table = model.metadata.tables[str(model.__tablename__)]
        self._owner, self._person, self._shown, self._kept = owner, person, shown, kept
        self.asked = {**ASKED, person: optional(person, Text()), **asked}
        self.filters: dict[str, Condition] = {
            "status": lambda rows: rows.status == ASKED["status"],
            "mine": lambda rows: self.owner(rows) == CALLER_ID,
            person: lambda rows: self.owner(rows) == PERSON_ID,
            "currency": lambda rows: rows.currency == ASKED["currency"],
            "min_price": lambda rows: rows.price >= ASKED["min_price"],
            "max_price": lambda rows: rows.price <= ASKED["max_price"],
            "area": lambda rows: rows.area_key == ASKED["area"],
            "category": is_beneath,
            "language": lambda rows: rows.language == ASKED["language"],
            "q": has_words,
            **filters,
        }
        self.in_order_of_id = frozenset({"status", "mine", person})
        """Filters by the first columns of an index that has the rows in the order of their ids."""
        self.walked = self.in_order_of_id | {"area"}
        """The filters that are the first columns of an index whose last one is the id."""

    def owner(self, rows: Any) -> ColumnElement[Any]:
        """The account that rows belong to."""
        column: ColumnElement[Any] = rows[self._owner]
        return column

    def asked_for(
        self, filters: ListingFilters, currency: str, languages: Languages
    ) -> dict[str, Any]:
        """The arguments of the filters that are given, by the names of the filters.

        Args:
            filters: The filters of a request.
            currency: The currency of prices, if the request names none.
            languages: The languages of the market.
        """
        content = filters.__dict__  # to have the model dumped takes as long as all the rest
        asked = {
            name: value
            for name, value in content.items()
            if value is not None and name in self.filters
        }
        if asked["status"] == "any":
            del asked["status"]
        named = content[self._person]
        if named == "me":
            asked["mine"] = asked.pop(self._person)
        elif named is not None:
            asked |= person(named)
        if filters.area is not None:
            asked["area"] = text_key(filters.area)
        if filters.compares_prices:
            asked.setdefault("currency", currency)
        if filters.q is not None:
            asked |= asked_in(languages, filters.language)
        return asked

    def given(self, asked: Mapping[str, Any]) -> frozenset[str]:
        """The names of the filters among the arguments of a request."""
        return frozenset(self.filters.keys() & asked)

    def matching(
        self, rows: Any, fixed: Iterable[str], nullable: Iterable[str]
    ) -> Iterator[ColumnElement[bool]]:
        """The conditions of filters.

        Args:
            rows: The columns of the rows.
            fixed: The filters that are given.
            nullable: The filters that may be given: those whose argument is null match all rows.
        """
        for name in sorted(fixed):
            yield self.filters[name](rows)
        for name in sorted(nullable):
            yield or_(self.asked[name].is_(None), self.filters[name](rows))

    def existing(
        self, rows: Any, fixed: Collection[str], nullable: Collection[str]
    ) -> Iterator[ColumnElement[bool]]:
        """The conditions under which rows are listed; owners who ask for their own see all.

        Args:
            rows: The columns of the rows.
            fixed: The filters that are given.
            nullable: The filters that may be given.
        """
        for kept in self._kept:
            yield kept(rows)
        for shown in self._shown:
            if "mine" in nullable:
                yield or_(self.asked["mine"].is_not(None), shown(rows))
            elif "mine" not in fixed:
                yield shown(rows)


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
    """Selects the rows that match some filters, of accounts that are not blocked."""
    table = listing.table
    return (
        select(table)
        .join(User, col(User.id) == listing.owner(table.c))
        .where(
            col(User.blocked_at).is_(None),
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
        rows = _rows(listing, kind.fixed - {"category"}, nullable | {"status"})
        statuses = [it.value for it in listing.statuses]
        return first_of_each(rows, listing.table, statuses, columns, shape, descending=descending)
    if kind.sort in BY_PRICE and "status" not in kind.fixed:
        rows = _rows(listing, kind.fixed, nullable - {"status"})
        of_each = (rows.where(listing.table.c.status == inline(it)) for it in listing.statuses)
        parts = (part(it, columns, shape, descending=descending) for it in of_each)
        return union_all(*parts).subquery()
    return None


@cache
def browse(listing: Listing, kind: Kind, shape: PageShape) -> PageQuery:
    """Reads the rows that match some filters, in one of the orders."""
    keys, descending = SORTS[kind.sort]
    merged = _merged(listing, kind, shape)
    source: FromClause = listing.table if merged is None else merged
    view = listing.view(source.c)
    statement = select().select_from(view.owner.joined(source))
    if merged is None:
        nullable = kind.nullable(listing)
        statement = statement.where(
            col(view.owner.user.blocked_at).is_(None),
            *listing.existing(source.c, kind.fixed, nullable),
            *listing.matching(source.c, kind.fixed, nullable),
        )
    if kind.others:
        statement = statement.where(PLANNED_EACH_TIME)
    return PageQuery(
        statement,
        item=view.json(),
        keys=[source.c[key] for key in keys],
        descending=descending,
        shape=shape,
        within=select(func.numnode(any_query())) if "q" in kind.fixed else None,
    )
