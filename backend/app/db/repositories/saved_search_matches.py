"""The users who have a saved search that a new job matches, as SQL.

An index finds the searches that have a key of the job. These few are compared with the job by the
conditions of browsing, with the columns of the search as arguments.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Text, any_, cast, func, join, or_, select, true
from sqlalchemy.dialects.postgresql import TSQUERY, array
from sqlalchemy.orm import aliased

from app.db.models.categories import MOST_TIERS, Category
from app.db.models.saved_searches import (
    FILTERS,
    LONGEST_KEY,
    MOST_COMPARED,
    MOST_TOLD,
    SavedSearch,
    SavedSearchKey,
)
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.users import User
from app.db.repositories.base import USABLE_ACCOUNT
from app.db.repositories.blocks import is_free_between
from app.db.repositories.cleaning_listing import JOBS
from app.postgres.statements import Rows, col, inline, replaced

OWN_CONDITIONS = {"q", "category"}
"""The filters whose conditions are others than when jobs are browsed."""


def _lineage(slug: ColumnElement[Any]) -> Any:
    """The slugs of a category and of those above it."""
    tiers = [aliased(Category) for _ in range(MOST_TIERS)]
    source: Any = tiers[0]
    for lower, upper in pairwise(tiers):
        source = join(source, upper, col(upper.id) == lower.parent_id, isouter=True)
    return (
        select(array([cast(col(tier.slug), Text) for tier in tiers]).label("slugs"))
        .select_from(source)
        .where(col(tiers[0].slug) == slug)
        .correlate_except(*tiers)
        .lateral("lineage")
    )


def _found(jobs: Any, lineage: Any) -> Any:
    """The searches that have a key of a job: see `keys_of`.

    With limits, each step is finished before the next begins. With wrong statistics, as of a table
    that was emptied, the planner would compare each key with each search, and with each user.
    """
    nothing = inline("")
    places = func.unnest(array([nothing, func.coalesce(jobs.c.area_key, nothing)]))
    place = places.table_valued("place", name="places").render_derived()
    slugs_and_words = func.array_cat(lineage.c.slugs, func.tsvector_to_array(jobs.c.search))
    words = func.unnest(func.array_append(slugs_and_words, nothing))
    word = words.table_valued("word", name="words").render_derived()
    key = func.left(place.c.place + inline("/") + word.c.word, inline(LONGEST_KEY))
    ids = (
        select(col(SavedSearchKey.search_id))
        .select_from(join(place, word, true()).join(SavedSearchKey, col(SavedSearchKey.key) == key))
        .limit(inline(MOST_COMPARED))
        .lateral("ids")
    )
    search = (
        select(*SavedSearch.metadata.tables[str(SavedSearch.__tablename__)].c)
        .where(col(SavedSearch.id) == ids.c.search_id)
        .limit(inline(1))
        .lateral("search")
    )
    return select(*search.c).select_from(join(ids, search, true())).lateral("found")


def _matching(jobs: Any, found: Any, lineage: Any) -> Iterator[ColumnElement[bool]]:
    """The conditions under which searches find a job."""
    asked = {
        **{name: found.c[name] for name in FILTERS},
        "area": found.c.area_key,
        "status": inline(CleaningStatus.OPEN),
    }
    of_browsing = (
        *JOBS.existing(jobs.c, {"status"}, ()),
        *JOBS.matching(jobs.c, {"status"}, set(FILTERS) - OWN_CONDITIONS),
    )
    for condition in of_browsing:
        yield replaced(condition, lambda bound: asked.get(bound.key))
    category = cast(found.c.category, Text)
    yield or_(category.is_(None), category == any_(lineage.c.slugs))
    query = cast(found.c.queries[jobs.c.language].astext, TSQUERY)
    yield or_(found.c.q.is_(None), jobs.c.search.op("@@")(query))


def _is_usable(user_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an account is usable, as a scalar subquery, so that it is looked up by its key."""
    account = select(col(User.id)).where(col(User.id) == user_id, *USABLE_ACCOUNT)
    return account.correlate_except(User).scalar_subquery().is_not(None)


def searchers(job_id: ColumnElement[Any], position: ColumnElement[Any]) -> Rows:
    """Selects the `user_id` of those who have a saved search that a job matches, each once.

    Args:
        job_id: The job. It must be open and shown in lists.
        position: That of the event, which decides by chance who they are if they are too many.
    """
    jobs, owner = JOBS.table.alias("jobs"), aliased(User)
    lineage = _lineage(jobs.c.category)
    found = _found(jobs, lineage)
    return (
        select(found.c.user_id)
        .select_from(
            jobs.join(owner, col(owner.id) == jobs.c.owner_id)
            .outerjoin(lineage, true())
            .join(found, true())
        )
        .where(
            jobs.c.id == job_id,
            col(owner.blocked_at).is_(None),
            found.c.user_id != jobs.c.owner_id,
            is_free_between(found.c.user_id, jobs.c.owner_id),
            _is_usable(found.c.user_id),
            *_matching(jobs, found, lineage),
        )
        .group_by(found.c.user_id)
        .order_by(func.uuid_hash_extended(found.c.user_id, position))
        .limit(inline(MOST_TOLD))
    )
