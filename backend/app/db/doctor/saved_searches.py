"""Checks of saved searches."""

from typing import Any

from sqlalchemy import String, case, false, func, literal, select

from app.db.doctor.check import Check
from app.db.models.saved_searches import LONGEST_KEY, MOST_PER_ACCOUNT, SavedSearch, SavedSearchKey
from app.postgres.statements import col


def _too_many() -> Any:
    return (
        select(col(SavedSearch.user_id))
        .group_by(col(SavedSearch.user_id))
        .having(func.count() > MOST_PER_ACCOUNT)
    )


def _lost() -> Any:
    """Searches with other keys than those of their filters; those of words begin with the area."""
    place = func.coalesce(col(SavedSearch.area_key), "") + literal("/", String)
    key = func.left(place + func.coalesce(col(SavedSearch.category), ""), LONGEST_KEY)
    is_right = case(
        (col(SavedSearch.q).is_(None), col(SavedSearchKey.key) == key),
        else_=func.starts_with(col(SavedSearchKey.key), func.left(place, LONGEST_KEY)),
    )
    return (
        select(col(SavedSearch.id))
        .outerjoin(SavedSearchKey, col(SavedSearchKey.search_id) == SavedSearch.id)
        .where(func.coalesce(is_right, false()).is_(False))
    )


CHECKS = (
    Check(
        "saved_searches_counted",
        f"An account has at most {MOST_PER_ACCOUNT} saved searches.",
        _too_many(),
    ),
    Check(
        "saved_searches_keys", "The keys of each saved search are those of its filters.", _lost()
    ),
)
