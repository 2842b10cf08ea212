"""The lists of jobs: filtered, and browsed in an order.

Callers combine filters, orders and page sizes as they like, so a statement for each combination
would be one of thousands. There are few: what decides about the plan makes a statement of its own
(`Kind`), and all other filters are conditions that hold if their argument is null. Statements with
such conditions are planned for their arguments each time, which removes what is null.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Numeric,
    Text,
    and_,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from app.core.names import text_key
from app.core.words import web_search
from app.db.models.cleanings import Cleaning
from app.db.models.listings import CleaningFilters, CleaningSort
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID
from app.db.repositories.pages import PageQuery, PageShape, part
from app.db.repositories.people import PERSON_ID, person
from app.db.repositories.views import CleaningView, is_in_time
from app.postgres.statements import PLANNED_EACH_TIME, col, inline, optional

JOBS = Cleaning.metadata.tables["cleanings"]
"""The jobs, with the column of their words, which the class doesn't have."""

ASKED = {
    **{
        name: optional(name, Text())
        for name in ("status", "mine", "owner", "cleaning_type", "currency", "area", "q")
    },
    **{name: optional(name, Numeric()) for name in ("min_price", "max_price")},
    **{name: optional(name, DateTime(timezone=True)) for name in ("starts_after", "starts_before")},
}
"""The arguments of the filters by their names; null for those that are not given."""

WORDS = func.websearch_to_tsquery(literal_column("'english'"), ASKED["q"])

FILTERS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "status": lambda jobs: and_(jobs.status == ASKED["status"], is_in_time(jobs)),
    "mine": lambda jobs: jobs.owner_id == CALLER_ID,
    "owner": lambda jobs: jobs.owner_id == PERSON_ID,
    "cleaning_type": lambda jobs: jobs.cleaning_type == ASKED["cleaning_type"],
    "currency": lambda jobs: jobs.currency == ASKED["currency"],
    "min_price": lambda jobs: jobs.price >= ASKED["min_price"],
    "max_price": lambda jobs: jobs.price <= ASKED["max_price"],
    "area": lambda jobs: jobs.area_key == ASKED["area"],
    "starts_after": lambda jobs: jobs.starts_at >= ASKED["starts_after"],
    "starts_before": lambda jobs: jobs.starts_at < ASKED["starts_before"],
    "q": lambda jobs: jobs.search.op("@@")(WORDS),
}
"""The conditions by the names of the filters, for the columns of some jobs."""


def asked_for(filters: CleaningFilters, currency: str) -> dict[str, Any]:
    """The arguments of the filters that are given, by the names of the filters.

    Args:
        filters: What a caller asks for.
        currency: Whose prices are meant, if the caller names none.
    """
    content = filters.__dict__  # to have the model dumped takes as long as all the rest
    asked = {
        name: value for name, value in content.items() if value is not None and name in FILTERS
    }
    if asked["status"] == "any":
        del asked["status"]
    if (owner := filters.owner) == "me":
        asked["mine"] = asked.pop("owner")
    elif owner is not None:
        asked |= person(owner)
    if filters.area is not None:
        asked["area"] = text_key(filters.area)
    if filters.compares_prices:
        asked.setdefault("currency", currency)
    if filters.q is not None:
        asked["q"] = web_search(filters.q)
    return asked


SORTS: dict[CleaningSort, tuple[list[str], bool]] = {
    CleaningSort.NEWEST: (["id"], True),
    CleaningSort.OLDEST: (["id"], False),
    CleaningSort.PRICE: (["price", "id"], False),
    CleaningSort.PRICE_DESCENDING: (["price", "id"], True),
}
"""The columns of the keys, and whether the largest come first."""

BY_PRICE = (CleaningSort.PRICE, CleaningSort.PRICE_DESCENDING)


IN_ORDER_OF_ID = frozenset({"status", "mine", "owner"})
"""Filters by the first columns of an index that has the jobs in the order of their ids."""
IN_ORDER_OF_PRICE = frozenset({"status", "currency"})
"""Likewise, in the order of their prices."""
NONE: frozenset[str] = frozenset()


class Kind(NamedTuple):
    """What of a request decides about the statement that answers it.

    Args:
        sort: The order.
        fixed: The filters that are given and whose conditions stand in the statement.
        others: Whether any other filter may be given, each as a condition that holds if it is null.
    """

    sort: CleaningSort
    fixed: frozenset[str]
    others: bool

    @classmethod
    def of(cls, sort: CleaningSort, given: frozenset[str]) -> "Kind":
        """The kind of a request.

        Args:
            sort: The order.
            given: The names of the filters. An order by price needs a currency.
        """
        by_price = sort in BY_PRICE
        fixed = given & (IN_ORDER_OF_PRICE if by_price else IN_ORDER_OF_ID)
        if len(fixed) == len(given):
            return cls(sort, fixed, others=False)
        # Which of several indexes is best now, the planner finds out.
        return cls(sort, fixed if by_price else NONE, others=True)


def matching(jobs: Any, fixed: Iterable[str], nullable: Iterable[str]) -> list[ColumnElement[bool]]:
    """That jobs match filters.

    Args:
        jobs: The columns of the jobs.
        fixed: The filters that are given.
        nullable: The filters that may be given: those whose argument is null match all jobs.
    """
    return [
        *(FILTERS[name](jobs) for name in sorted(fixed)),
        *(or_(ASKED[name].is_(None), FILTERS[name](jobs)) for name in sorted(nullable)),
    ]


def existing(jobs: Any, fixed: Collection[str], nullable: Collection[str]) -> Any:
    """That jobs are not deleted nor hidden; to their owner, who asks for their own, none is hidden.

    Args:
        jobs: The columns of the jobs.
        fixed: The filters that are given.
        nullable: The filters that may be given.
    """
    conditions = [jobs.deleted_at.is_(None)]
    shown = jobs.hidden_at.is_(None)
    if "mine" in nullable:
        conditions.append(or_(ASKED["mine"].is_not(None), shown))
    elif "mine" not in fixed:
        conditions.append(shown)
    return conditions


@cache
def browse(kind: Kind, shape: PageShape) -> PageQuery:
    """Reads the jobs that match some filters, in one of the orders."""
    nullable = FILTERS.keys() - kind.fixed if kind.others else NONE
    if kind.sort in BY_PRICE:
        nullable -= {"status"}
    keys, descending = SORTS[kind.sort]

    def conditions(jobs: Any) -> list[ColumnElement[bool]]:
        return [
            *existing(jobs, kind.fixed, nullable),
            *matching(jobs, kind.fixed, nullable),
        ]

    source: FromClause = JOBS
    is_merged = kind.sort in BY_PRICE and "status" not in kind.fixed
    if is_merged:
        # The jobs of each status are read in the order of an index; they are then merged.
        each = (
            part(
                select(JOBS)
                .join(User, col(User.id) == JOBS.c.owner_id)
                .where(
                    JOBS.c.status == inline(status),
                    col(User.blocked_at).is_(None),
                    *conditions(JOBS.c),
                ),
                [JOBS.c[key] for key in keys],
                shape,
                descending=descending,
            )
            for status in CleaningStatus
        )
        source = union_all(*each).subquery()
    view = CleaningView(source.c)
    statement = select().select_from(view.owner.joined(source))
    if not is_merged:
        statement = statement.where(
            col(view.owner.user.blocked_at).is_(None), *conditions(source.c)
        )
    if kind.others:
        statement = statement.where(PLANNED_EACH_TIME)
    return PageQuery(
        statement,
        item=view.json(),
        keys=[source.c[key] for key in keys],
        descending=descending,
        shape=shape,
    )
