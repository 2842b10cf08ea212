"""Visibility of the photos of jobs and packages."""

from typing import Any

from sqlalchemy import ColumnElement, case, func

from app.postgres.statements import col, inline


def first_photo(thing: Any) -> ColumnElement[Any]:
    """The first photo as JSON; null if there is none, and while the job or package is hidden.

    Args:
        thing: The table class of the jobs or packages, or columns of them.
    """
    return case((col(thing.hidden_at).is_(None), col(thing.photos).op("->")(inline(0))))


def shown_photos(thing: Any) -> ColumnElement[Any]:
    """All photos as JSON; none while the job or package is hidden.

    Args:
        thing: The table class of the jobs or packages, or columns of them.
    """
    return case((col(thing.hidden_at).is_(None), col(thing.photos)), else_=func.jsonb_build_array())
