"""Packages that a customer has chosen to order."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Text, cast, select

from app.core.security.tokens import Bearer
from app.db.models.packages import Package
from app.db.repositories.base import Query
from app.db.repositories.order_locks import ORDERED
from app.db.repositories.package_views import PackageView
from app.postgres.statements import Source


def _chosen() -> Query:
    view = PackageView()
    return Query(
        select(cast(view.json(), Text).label("item"))
        .select_from(view.owner.joined(Package))
        .where(ORDERED, view.visible)
    )


class ChoiceReader:
    """Reads of chosen packages."""

    _chosen = _chosen()

    def __init__(self, source: Source) -> None:
        self._source = source

    async def chosen(self, caller: Bearer, package_ids: Collection[UUID]) -> list[str]:
        """Packages as JSON of `PackagePublic`, in any order, without those that are not visible.

        Args:
            caller: The caller.
            package_ids: Their ids.
        """
        rows = await self._chosen.run(self._source, caller, package_ids=list(package_ids))
        return [row["item"] for row in rows if row["item"] is not None]
