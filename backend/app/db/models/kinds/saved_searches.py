"""Kinds that belong to saved searches."""

from app.db.models.kinds import Scope


class SavedSearchScope(Scope):
    """Scopes of saved searches."""

    READ = "read:saved-searches"
    WRITE = "write:saved-searches"
