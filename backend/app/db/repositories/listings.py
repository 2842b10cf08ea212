"""The lists of jobs: browsed in an order, or searched by words."""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Float,
    FromClause,
    Numeric,
    Text,
    Uuid,
    and_,
    func,
    literal_column,
    select,
    union,
    union_all,
)

from app.db.models.cleanings import Cleaning, CleaningSort, CleaningStatus
from app.db.models.users import User
from app.db.queries import CALLER_ID, PageQuery, PageShape, part
from app.db.repositories.people import PERSON_ID
from app.db.repositories.views import CleaningView, is_overdue
from app.db.statements import PLANNED_EACH_TIME, Rows, argument, col, inline, unseen

JOBS = Cleaning.metadata.tables["cleanings"]
"""The jobs, with the column of their words, which the class doesn't have."""
WORDS = func.websearch_to_tsquery(literal_column("'english'"), argument("q", Text()))
MOMENT = argument("moment", Uuid())
RANKED = 200
"""Among how many of the newest matches a search looks for the best ones."""
GLANCE, NEAR, FAR = 200, 2_000, 10_000
"""How many of the newest jobs a search looks through: first, if it finds something, and at last."""
INDEXED = 2_000
"""How many matches a search takes from the index of words."""

FILTERS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "status": lambda jobs: and_(jobs.status == argument("status", Text()), ~is_overdue(jobs)),
    "mine": lambda jobs: jobs.owner_id == CALLER_ID,
    "owner": lambda jobs: jobs.owner_id == PERSON_ID,
    "cleaning_type": lambda jobs: jobs.cleaning_type == argument("cleaning_type", Text()),
    "min_price": lambda jobs: jobs.price >= argument("min_price", Numeric()),
    "max_price": lambda jobs: jobs.price <= argument("max_price", Numeric()),
    "area": lambda jobs: jobs.area_key == argument("area_key", Text()),
    "starts_after": lambda jobs: (
        jobs.starts_at >= argument("starts_after", DateTime(timezone=True))
    ),
    "starts_before": lambda jobs: (
        jobs.starts_at < argument("starts_before", DateTime(timezone=True))
    ),
    "q": lambda jobs: jobs.search.op("@@")(WORDS),
}
"""The conditions by the names of the filters, for the columns of some jobs."""
WALKED = frozenset({"status", "mine", "owner", "area"})
"""The filters that are the first columns of an index whose last one is the id."""
VARIED = FILTERS.keys() - {"status", "mine", "owner"}
"""The filters that match few jobs or many, so that now one index is better and now another."""

SORTS: dict[CleaningSort, tuple[list[str], bool]] = {
    CleaningSort.NEWEST: (["id"], True),
    CleaningSort.OLDEST: (["id"], False),
    CleaningSort.PRICE: (["price", "id"], False),
    CleaningSort.PRICE_DESCENDING: (["price", "id"], True),
}
"""The columns of the keys, and whether the largest come first."""


def _matching(jobs: Any, filters: Iterable[str]) -> list[ColumnElement[bool]]:
    """That jobs match the filters."""
    return [FILTERS[name](jobs) for name in sorted(filters)]


def _conditions(jobs: Any, filters: Collection[str]) -> list[ColumnElement[bool]]:
    """That jobs match the filters, and are not deleted nor hidden, unless from others only."""
    exist = [jobs.deleted_at.is_(None)]
    if "mine" not in filters:
        exist.append(jobs.hidden_at.is_(None))
    return [*exist, *_matching(jobs, filters)]


@lru_cache(maxsize=1024)
def browse(filters: frozenset[str], sort: CleaningSort, shape: PageShape) -> PageQuery:
    """Reads the jobs that match some filters, in one of the orders."""
    keys, descending = SORTS[sort]
    source: FromClause = JOBS
    if "price" in keys and "status" not in filters:
        # The jobs of each status are read in the order of an index; they are then merged.
        each = (
            part(
                select(JOBS)
                .join(User, col(User.id) == JOBS.c.owner_id)
                .where(
                    JOBS.c.status == inline(status),
                    col(User.blocked_at).is_(None),
                    *_conditions(JOBS.c, filters),
                ),
                [JOBS.c[key] for key in keys],
                shape,
                descending=descending,
            )
            for status in CleaningStatus
        )
        source = union_all(*each).subquery()
    view = CleaningView(source.c)
    statement = (
        select()
        .select_from(view.owner.joined(source))
        .where(col(view.owner.user.blocked_at).is_(None), *_conditions(source.c, filters))
    )
    if filters & VARIED:
        statement = statement.where(PLANNED_EACH_TIME)
    return PageQuery(
        statement,
        item=view.json(),
        keys=[source.c[key] for key in keys],
        descending=descending,
        shape=shape,
    )


def _matches(filters: frozenset[str]) -> FromClause:
    """The ids of the newest matches of a search.

    What this costs is bounded, whatever is asked for. Words that many jobs have are found among a
    few of the newest jobs. Where a glance at these finds none, or they are not enough, the index of
    words is asked: it gives all matches, unless these are too many. Then more of the newest jobs
    are looked through, and what neither is among these nor among what the index gave is not found.
    """
    # As a subquery, the words are read once; and the planner doesn't see them. So it doesn't guess
    # how many jobs have them, by which it would take other and at times much worse ways.
    words = select(WORDS).scalar_subquery()

    def newest(number: int, *when: ColumnElement[bool]) -> Rows:
        walked = (
            select(JOBS)
            .where(
                *map(unseen, _conditions(JOBS.c, filters & WALKED)),
                unseen(JOBS.c.id <= MOMENT),
                *when,
            )
            .order_by(JOBS.c.id.desc())
            .limit(inline(number))
            .subquery()
        )
        return (
            select(walked.c.id)
            .join(User, col(User.id) == walked.c.owner_id)
            .where(
                col(User.blocked_at).is_(None),
                walked.c.search.op("@@")(words),
                *map(unseen, _matching(walked.c, filters - WALKED)),
            )
            .order_by(walked.c.id.desc())
            .limit(inline(RANKED))
        )

    def count(rows: FromClause) -> ColumnElement[int]:
        return select(func.count()).select_from(rows).scalar_subquery()

    glance = newest(GLANCE).cte("glance")
    near = newest(NEAR, count(glance) > inline(0)).cte("near")
    indexed = (
        select(
            JOBS.c.id,
            JOBS.c.owner_id,
            and_(*_conditions(JOBS.c, filters), JOBS.c.id <= MOMENT).label("matches"),
        )
        .where(JOBS.c.search.op("@@")(words), count(near) < inline(RANKED))
        .limit(inline(INDEXED))
        .cte("indexed")
    )
    far = newest(FAR, count(indexed) == inline(INDEXED)).cte("far")
    return union(
        select(near.c.id),
        select(indexed.c.id)
        .join(User, col(User.id) == indexed.c.owner_id)
        .where(indexed.c.matches, col(User.blocked_at).is_(None)),
        select(far.c.id),
    ).subquery("found")


@lru_cache(maxsize=1024)
def search(filters: frozenset[str], shape: PageShape) -> PageQuery:
    """Reads the best of the newest jobs that have the words of `q` and match other filters."""
    found = _matches(filters)
    newest = select(found).order_by(found.c.id.desc()).limit(inline(RANKED)).subquery("newest")
    # The moment of the search is a key, which all its pages carry on: jobs that are posted
    # meanwhile don't push others out of the ones that are ranked.
    ranked = (
        select(JOBS.c.id, func.ts_rank(JOBS.c.search, WORDS, type_=Float()).label("rank"))
        .join(newest, newest.c.id == JOBS.c.id)
        .subquery("ranked")
    )
    view = CleaningView()
    # As a subquery, the job is put together only for those that come out on this page.
    item = (
        select(view.json())
        .select_from(view.owner.joined(Cleaning))
        .where(col(Cleaning.id) == ranked.c.id)
        .scalar_subquery()
    )
    return PageQuery(
        select().select_from(ranked),
        item=item,
        keys=[ranked.c.rank, ranked.c.id, MOMENT],
        shape=shape,
    )
