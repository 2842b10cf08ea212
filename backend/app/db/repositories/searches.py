"""Full-text search of jobs: the best of the newest matches."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import ColumnElement, Float, FromClause, Uuid, and_, func, select, true, union

from app.db.models.cleanings import Cleaning
from app.db.models.users import User
from app.db.repositories.listings import ASKED, FILTERS, JOBS, WORDS, existing, matching
from app.db.repositories.pages import PageQuery, PageShape
from app.db.repositories.views import CleaningView
from app.postgres.statements import Rows, argument, col, inline, replaced, unseen

MOMENT = argument("moment", Uuid())
RANKED = 200
"""The number of the newest matches that are ranked."""
GLANCE, NEAR, FAR = 200, 2_000, 10_000
"""The numbers of the newest jobs searched: first, after a match among these, and at last."""
INDEXED = 2_000
"""The largest number of matches taken from the full-text index."""

WALKED = frozenset({"status", "mine", "owner", "area"})
"""The filters that are the first columns of an index whose last one is the id."""
OTHERS = FILTERS.keys() - WALKED - {"q"}
"""The filters that are evaluated per job."""


def _matches(fixed: Collection[str]) -> FromClause:
    """The ids of the newest matches of a search.

    The cost is bounded for any query. Common words are found among a few of the newest jobs. If
    these have too few matches, the full-text index is used, up to a number of matches. Beyond it,
    more of the newest jobs are searched, and older matches are not found.
    """
    # As a subquery, the words are read once; and the planner doesn't see them. So it doesn't guess
    # how many jobs have them, by which it would take other and at times much worse ways.
    words = select(WORDS).scalar_subquery()
    asked = select(*(ASKED[name].label(name) for name in sorted(OTHERS))).cte("asked")

    def newest(number: int, *when: ColumnElement[bool]) -> Rows:
        walked = (
            select(JOBS)
            .where(
                *map(unseen, existing(JOBS.c, fixed, ())),
                *map(unseen, matching(JOBS.c, fixed, ())),
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
            .join(asked, true())
            .where(
                col(User.blocked_at).is_(None),
                walked.c.search.op("@@")(words),
                *(
                    replaced(it, lambda bound: asked.c.get(bound.key))
                    for it in matching(walked.c, (), OTHERS)
                ),
            )
            .order_by(walked.c.id.desc())
            .limit(inline(RANKED))
        )

    def count(rows: FromClause) -> ColumnElement[int]:
        return select(func.count()).select_from(rows).scalar_subquery()

    glance = newest(GLANCE).cte("glance")
    near = newest(NEAR, count(glance) > inline(0)).cte("near")
    matches = (*existing(JOBS.c, fixed, ()), *matching(JOBS.c, fixed, OTHERS))
    indexed = (
        select(JOBS.c.id, JOBS.c.owner_id, and_(*matches, JOBS.c.id <= MOMENT).label("matches"))
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


@cache
def search(fixed: frozenset[str], shape: PageShape) -> PageQuery:
    """Reads the best of the newest jobs that have the words of `q` and match other filters.

    Args:
        fixed: Those of `WALKED` that are given.
        shape: The shape of the requests.
    """
    found = _matches(fixed)
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
