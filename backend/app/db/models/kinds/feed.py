"""Kinds that belong to the feed."""

from app.db.models.kinds import Scope


class FeedScope(Scope):
    """What a key may do with the feed."""

    READ = "read:feed"
