"""The states of packages, and the moves between them."""

from enum import StrEnum

from app.core.errors import IllegalMove
from app.db.models.states.moves import Move


class PackageStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    ARCHIVED = "archived"


class PackageNotPublishable(IllegalMove):
    code = "package_not_publishable"
    detail = "The package is published or archived."
    thing = "package"


class PackageNotPublished(IllegalMove):
    code = "package_not_published"
    detail = "The package is not published."
    thing = "package"


class PackageArchived(IllegalMove):
    code = "package_archived"
    detail = "The package is archived."
    thing = "package"


DRAFT, PUBLISHED, PAUSED, ARCHIVED = PackageStatus

CHANGEABLE = (DRAFT, PUBLISHED, PAUSED)
"""The states in which the terms and the stock of a package can change."""


class PackageMove:
    """The moves of a package."""

    PUBLISH = Move("published", [DRAFT, PAUSED], PUBLISHED, PackageNotPublishable)
    PAUSE = Move("paused", [PUBLISHED], PAUSED, PackageNotPublished)
    ARCHIVE = Move("archived", CHANGEABLE, ARCHIVED, PackageArchived)
