"""Kinds that belong to packages."""

from app.db.models.kinds import EventKind, Scope


class PackageEvent(EventKind, subject="package"):
    """Events of a package."""

    CREATED = "created"
    EDITED = "edited"
    PUBLISHED = "published"
    PAUSED = "paused"
    ARCHIVED = "archived"
    STOCKED = "stocked"
    PHOTOS_CHANGED = "photos_changed"
    HIDDEN = "hidden"
    SHOWN = "shown"
    PHOTO_HIDDEN = "photo_hidden"
    PHOTO_SHOWN = "photo_shown"


class PackageScope(Scope):
    """Scopes of packages."""

    READ = "read:packages"
    WRITE = "write:packages"
