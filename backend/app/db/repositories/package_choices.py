"""Packages that a customer has chosen to order, some of which may be offered no more."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Text, and_, case, cast, or_, select

from app.core.security.tokens import Bearer
from app.db.models.package_shapes import ChosenPackage
from app.db.models.packages import Package
from app.db.models.states.packages import PackageStatus
from app.db.repositories.base import Query, json_object
from app.db.repositories.order_locks import ORDERED
from app.db.repositories.package_views import PackageView
from app.postgres.statements import Source, col, inline


def _chosen() -> Query:
    view = PackageView()
    seller = view.owner.user
    was_offered = and_(
        col(Package.status) != inline(PackageStatus.DRAFT),
        col(seller.blocked_at).is_(None),
        col(seller.deleted_at).is_(None),
    )
    item = json_object(
        ChosenPackage,
        Package,
        cleaner=view.owner.json,
        package=case((view.visible, view.json())),
    )
    return Query(
        select(cast(item, Text).label("item"))
        .select_from(view.owner.joined(Package))
        .where(ORDERED, or_(view.visible, was_offered))
    )


class ChoiceReader:
    """Reads of chosen packages."""

    _chosen = _chosen()

    def __init__(self, source: Source) -> None:
        self._source = source

    async def chosen(self, caller: Bearer, package_ids: Collection[UUID]) -> list[str]:
        """Packages as JSON of `ChosenPackage`, in any order.

        Those are left out that the caller may not know of: drafts, and packages of accounts that
        are blocked or deleted.

        Args:
            caller: The caller.
            package_ids: Their ids.
        """
        rows = await self._chosen.run(self._source, caller, package_ids=list(package_ids))
        return [row["item"] for row in rows if row["item"] is not None]
