"""How the things that reports are about look to the caller."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Uuid, case, cast, func, select

from app.db.models.cleanings import Cleaning
from app.db.models.packages import Package
from app.db.models.reported import Reported
from app.db.models.reports import Report
from app.db.models.uploads import Upload
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.package_views import PackageView
from app.db.repositories.views import CleaningView
from app.postgres.statements import col, inline

EXCERPT = 100
"""The length of the beginning of a copy."""


def reported_json(shape: type[BaseModel], **given: ColumnElement[Any]) -> ColumnElement[Any]:
    """A report as JSON, with the name of the thing that it is about.

    Args:
        shape: The model of the response.
        given: The values of other fields.
    """
    return json_object(shape, Report, name=thing_name(), **given)


def thing_name() -> ColumnElement[Any]:
    """The name of the job, the package or the person of a report, if the caller can see it now."""
    job, package = CleaningView(), PackageView()
    jobs = select(col(Cleaning.name)).select_from(job.owner.joined(Cleaning)).where(job.visible)
    packages = (
        select(col(Package.name)).select_from(package.owner.joined(Package)).where(package.visible)
    )
    people = select(col(User.username)).where(col(User.deleted_at).is_(None))
    place_id = _place_id()
    return func.coalesce(
        *(
            names.where(col(table.id) == place_id).correlate(Report).scalar_subquery()
            for table, names in ((Cleaning, jobs), (Package, packages), (User, people))
        )
    )


def excerpt() -> ColumnElement[Any]:
    """The beginning of the copy of a report, if the caller has written what was reported."""
    texts = (
        col(Report.content)[inline(name)].astext
        for name in ("name", "text", "message", "headline", "comment")
    )
    beginning = func.left(func.coalesce(*texts), inline(EXCERPT))
    return case((col(Report.author_id) == CALLER_ID, beginning))


def _place_id() -> ColumnElement[Any]:
    """The id of the job, the package or the user that the thing of a report is or belongs to."""
    first_id: ColumnElement[Any] = cast(
        func.split_part(col(Report.path), inline("/"), inline(3)), Uuid
    )
    of_photo = (
        select(
            func.coalesce(
                col(Upload.cleaning_id),
                col(Upload.message_cleaning_id),
                col(Upload.package_id),
                case((col(Upload.of_profile), col(Upload.user_id))),
            )
        )
        .where(col(Upload.id) == first_id)
        .correlate(Report)
        .scalar_subquery()
    )
    return case((col(Report.subject) == inline(Reported.PHOTO), of_photo), else_=first_id)
