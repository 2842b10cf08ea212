"""Kinds that belong to offers."""

from app.db.models.kinds import EventKind, Scope


class OfferEvent(EventKind, subject="offer", clock=("superseded",)):
    """Events of an offer."""

    CREATED = "created"
    EDITED = "edited"
    RENEWED = "renewed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    HIDDEN = "hidden"
    SHOWN = "shown"


class OfferScope(Scope):
    """Scopes of offers."""

    READ = "read:offers"
    WRITE = "write:offers"
