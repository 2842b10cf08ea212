"""Full-text search in lists: the best of the newest matches."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Float, FromClause, Uuid, and_, func, select, true, union

from app.db.models.users import User
from app.db.repositories.listings import Listing
from app.db.repositories.matches import columns, own_query
from app.db.repositories.pages import PageQuery, PageShape
from app.postgres.statements import Rows, argument, col, inline, replaced, unseen

MOMENT = argument("moment", Uuid())
MOMENT_PLACE = 2
"""The place of the moment among the keys of a page."""
RANKED = 200
"""The number of the newest matches that are ranked."""
GLANCE, NEAR, FAR = 200, 2_000, 10_000
"""The numbers of the newest rows searched: first, after a match among these, and at last."""
INDEXED = 2_000
"""The largest number of matches taken from the full-text index."""


def _per_row(listing: Listing) -> frozenset[str]:
    """The filters that are evaluated per row."""
    return frozenset(listing.filters.keys() - listing.walked - {"q"})


def _asked(listing: Listing) -> CTE:
    """The arguments of the filters per row, and the prepared queries."""
    filters = (listing.asked[name].label(name) for name in sorted(_per_row(listing)))
    return select(*columns(), *filters).cte("asked")


def _matches(listing: Listing, fixed: Collection[str], asked: CTE) -> FromClause:
    """The ids of the newest matches of a search.

    The cost is bounded for any query. Common words are found among a few of the newest rows. If
    these have too few matches, the full-text index is used, up to a number of matches. Beyond it,
    more of the newest rows are searched, and older matches are not found.
    """
    # From the CTE, the words are read once; and the planner doesn't see them. So it doesn't guess
    # how many rows have them, by which it would take other and at times much worse ways.
    words = select(asked.c.query).scalar_subquery()
    table, others = listing.table, _per_row(listing)

    def newest(number: int, *when: ColumnElement[bool]) -> Rows:
        walked = (
            select(table)
            .where(
                *map(unseen, listing.existing(table.c, fixed, ())),
                *map(unseen, listing.matching(table.c, fixed, ())),
                unseen(table.c.id <= MOMENT),
                *when,
            )
            .order_by(table.c.id.desc())
            .limit(inline(number))
            .subquery()
        )
        return (
            select(walked.c.id)
            .join(User, col(User.id) == listing.owner(walked.c))
            .join(asked, true())
            .where(
                listing.found(walked.c, User),
                walked.c.search.op("@@")(words),  # few rows are left for what comes after it
                walked.c.search.op("@@")(own_query(walked.c, asked)),
                *(
                    replaced(it, lambda bound: asked.c.get(bound.key))
                    for it in listing.matching(walked.c, (), others)
                ),
            )
            .order_by(walked.c.id.desc())
            .limit(inline(RANKED))
        )

    def count(rows: FromClause) -> ColumnElement[int]:
        return select(func.count()).select_from(rows).scalar_subquery()

    glance = newest(GLANCE).cte("glance")
    near = newest(NEAR, count(glance) > inline(0)).cte("near")
    matches = (
        *listing.existing(table.c, fixed, ()),
        *listing.matching(table.c, fixed, others),
        table.c.id <= MOMENT,
        table.c.search.op("@@")(own_query(table.c, asked)),
    )
    indexed = (
        select(table.c.id, listing.owner(table.c), and_(*matches).label("matches"))
        .join(asked, true())
        .where(table.c.search.op("@@")(words), count(near) < inline(RANKED))
        .limit(inline(INDEXED))
        .cte("indexed")
    )
    far = newest(FAR, count(indexed) == inline(INDEXED)).cte("far")
    return union(
        select(near.c.id),
        select(indexed.c.id)
        .join(User, col(User.id) == listing.owner(indexed.c))
        .where(indexed.c.matches, listing.found(indexed.c, User)),
        select(far.c.id),
    ).subquery("found")


@cache
def search(
    listing: Listing, fixed: frozenset[str], shape: PageShape, *, for_visitors: bool = False
) -> PageQuery:
    """Reads the best of the newest rows that have the words of `q` and match other filters.

    Args:
        listing: What is searched.
        fixed: The filters that are given, of those that an index has (`Listing.walked`).
        shape: The shape of the requests.
        for_visitors: Whether it answers callers without a session.
    """
    asked, table = _asked(listing), listing.table
    found = _matches(listing, fixed, asked)
    newest = select(found).order_by(found.c.id.desc()).limit(inline(RANKED)).subquery("newest")
    # The moment of the search is a key, which all its pages carry on: rows that are added
    # meanwhile don't push others out of the ones that are ranked.
    ranked = (
        select(
            table.c.id,
            func.ts_rank(table.c.search, own_query(table.c, asked), type_=Float()).label("rank"),
        )
        .join(newest, newest.c.id == table.c.id)
        .join(asked, true())
        .subquery("ranked")
    )
    model: Any = listing.model
    view = listing.view(model)
    # As a subquery, the JSON is put together only for the rows of this page.
    item = (
        select(view.json())
        .select_from(view.owner.joined(model))
        .where(col(model.id) == ranked.c.id)
        .scalar_subquery()
    )
    return PageQuery(
        select().select_from(ranked),
        item=item,
        keys=[ranked.c.rank, ranked.c.id, MOMENT],
        shape=shape,
        within=select(func.numnode(asked.c.query)),
        for_visitors=for_visitors,
    )
