"""Visibility of packages."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, or_, select

from app.db.models.bookings import Role
from app.db.models.package_shapes import PackagePublic
from app.db.models.packages import Package
from app.db.models.visibility import is_offered
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.person_views import Person
from app.db.repositories.photo_views import first_photo
from app.postgres.statements import Rows, col


class PackageView:
    """A package, to be shown with the cleaner who sells it.

    Args:
        package: The table class of the packages, or columns of them.
    """

    def __init__(self, package: Any = Package) -> None:
        self._package = package
        self.owner = Person(col(package.seller_id), Role.CLEANER)

    @property
    def visible(self) -> ColumnElement[bool]:
        """Whether the caller may know of the package: sellers know all of their own."""
        return or_(
            col(self._package.seller_id) == CALLER_ID,
            and_(is_offered(self._package), col(self.owner.user.blocked_at).is_(None)),
        )

    def json(
        self, shape: type[BaseModel] = PackagePublic, **given: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        """The package as JSON."""
        return json_object(
            shape,
            self._package,
            photo=first_photo(self._package),
            cleaner=self.owner.json,
            **given,
        )


def visible_package(package_id: ColumnElement[Any]) -> Rows:
    """Selects the id of a package, if the caller may know of it."""
    view = PackageView()
    seller = view.owner.user
    return (
        select(col(Package.id))
        .join(seller, col(seller.id) == Package.seller_id)
        .where(col(Package.id) == package_id, view.visible)
    )
