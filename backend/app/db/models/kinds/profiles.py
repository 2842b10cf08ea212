"""Kinds that belong to profiles."""

from app.db.models.kinds import EventKind, Scope


class ProfileEvent(EventKind, subject="profile"):
    """Events of a profile."""

    EDITED = "edited"
    PHOTO_HIDDEN = "photo_hidden"
    PHOTO_SHOWN = "photo_shown"


class ProfileScope(Scope):
    """Scopes of profiles."""

    READ = "read:profiles"
    WRITE = "write:profiles"
