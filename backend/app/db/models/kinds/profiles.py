"""Kinds that belong to profiles."""

from app.db.models.kinds import EventKind, Scope


class ProfileEvent(EventKind, subject="profile"):
    """What happened to a profile."""

    EDITED = "edited"


class ProfileScope(Scope):
    """What a key may do with profiles."""

    READ = "read:profiles"
    WRITE = "write:profiles"
