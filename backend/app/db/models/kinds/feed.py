"""Kinds that belong to the feed."""

from app.db.models.kinds import Scope


class FeedScope(Scope):
    """Scopes of the feed."""

    READ = "read:feed"
