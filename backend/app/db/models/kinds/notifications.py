"""Kinds that belong to notifications."""

from app.db.models.kinds import Scope


class NotificationScope(Scope):
    """Scopes of notifications."""

    READ = "read:notifications"
    WRITE = "write:notifications"
