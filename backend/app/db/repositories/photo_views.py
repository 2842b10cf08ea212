"""How photos look, and the visibility of those of jobs and packages."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func

from app.db.models.photos import MESSAGE_PATH, PATH, Photo
from app.db.models.uploads import Upload, UploadState
from app.db.repositories.base import json_object
from app.postgres.statements import col, inline

IS_SHOWN = and_(col(Upload.state) == inline(UploadState.READY), col(Upload.hidden_at).is_(None))
"""The condition of uploads whose photos are shown where they belong."""


def photo_json() -> ColumnElement[Any]:
    """The photo of an upload that is ready, as JSON."""
    return json_object(
        Photo, Upload, url=_path(col(Upload.large)), small_url=_path(col(Upload.small))
    )


def _path(name: ColumnElement[Any]) -> ColumnElement[Any]:
    """The path of a file of an upload."""
    return case(
        (col(Upload.message_number).is_(None), func.concat(inline(PATH), name, inline(".webp"))),
        else_=func.concat(inline(MESSAGE_PATH), name),
    )


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
