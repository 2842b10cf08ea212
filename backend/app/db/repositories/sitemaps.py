"""The newest jobs and packages that visitors may see, for search engines."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.db.models.users import User
from app.db.repositories.cleaning_listing import JOBS
from app.db.repositories.listings import Listing
from app.db.repositories.package_listing import PACKAGES
from app.postgres.statements import Source, Statement, col, inline

MOST = 5_000
"""The number of jobs, and that of packages: a sitemap has at most 50,000 addresses."""


class Listed(NamedTuple):
    """A job or a package, and the time of its last change."""

    id: UUID
    updated_at: datetime


def _newest(listing: Listing) -> Statement:
    table = listing.table
    return Statement(
        select(table.c.id, table.c.updated_at)
        .join(User, col(User.id) == listing.owner(table.c))
        .where(
            col(User.blocked_at).is_(None),
            *listing.existing(table.c, (), ()),
            *listing.matching(table.c, {"status"}, ()),
        )
        .order_by(table.c.id.desc())
        .limit(inline(MOST))
    )


class SitemapReader:
    """Reads of the newest jobs and packages, which need no login."""

    _jobs, _packages = _newest(JOBS), _newest(PACKAGES)

    def __init__(self, source: Source) -> None:
        self._source = source

    async def jobs(self) -> list[Listed]:
        """The newest open jobs."""
        return [Listed(*row) for row in await self._jobs.fetch(self._source, status="open")]

    async def packages(self) -> list[Listed]:
        """The newest published packages."""
        rows = await self._packages.fetch(self._source, status="published")
        return [Listed(*row) for row in rows]
