"""Checks of uploads, and of the photos that jobs, packages and profiles show."""

from typing import Any

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from app.db.doctor.check import Check
from app.db.models.cleanings import Cleaning
from app.db.models.packages import Package
from app.db.models.photos import PATH
from app.db.models.profiles import Profile
from app.db.models.uploads import Upload, UploadState
from app.postgres.statements import col

IS_SHOWN = and_(col(Upload.state) == UploadState.READY, col(Upload.hidden_at).is_(None))


def _url(name: Any) -> Any:
    return func.concat(PATH, name, ".webp")


PHOTO = func.jsonb_build_object(
    *("id", Upload.id),
    *("url", _url(Upload.large)),
    *("small_url", _url(Upload.small)),
    *("width", Upload.width),
    *("height", Upload.height),
)


def _of_others() -> Any:
    """Uploads attached to a job or a package that is not their user's, or is gone."""
    return (
        select(col(Upload.id))
        .outerjoin(Cleaning, col(Cleaning.id) == Upload.cleaning_id)
        .outerjoin(Package, col(Package.id) == Upload.package_id)
        .where(
            or_(
                and_(
                    col(Upload.cleaning_id).is_not(None),
                    or_(
                        col(Cleaning.owner_id).is_distinct_from(col(Upload.user_id)),
                        col(Cleaning.deleted_at).is_not(None),
                    ),
                ),
                and_(
                    col(Upload.package_id).is_not(None),
                    col(Package.seller_id).is_distinct_from(col(Upload.user_id)),
                ),
            )
        )
    )


def _shown_otherwise(thing: Any, belongs: Any) -> Any:
    """Jobs or packages that show other photos than those of their uploads."""
    photos = (
        select(
            belongs.label("id"),
            func.jsonb_agg(aggregate_order_by(PHOTO, col(Upload.place))).label("of"),
        )
        .where(belongs.is_not(None), IS_SHOWN)
        .group_by(belongs)
        .subquery()
    )
    expected = func.coalesce(photos.c.of, func.jsonb_build_array(), type_=JSONB())
    return (
        select(thing.id)
        .outerjoin(photos, photos.c.id == thing.id)
        .where(col(thing.photos) != expected)
    )


def _other_pictures() -> Any:
    """Profiles that show another picture than that of their upload."""
    picture = (
        select(col(Upload.user_id), PHOTO.label("of"))
        .where(col(Upload.of_profile), IS_SHOWN)
        .subquery()
    )
    return (
        select(col(Profile.user_id))
        .outerjoin(picture, picture.c.user_id == Profile.user_id)
        .where(col(Profile.picture).is_distinct_from(picture.c.of))
    )


CHECKS = (
    Check(
        "uploads_of_owners",
        "Uploads are attached to existing jobs and packages of their users.",
        _of_others(),
    ),
    Check(
        "photos_shown",
        "Jobs, packages and profiles show the photos of the uploads attached to them.",
        union_all(
            _shown_otherwise(Cleaning, Upload.cleaning_id),
            _shown_otherwise(Package, Upload.package_id),
            _other_pictures(),
        ),
    ),
)
