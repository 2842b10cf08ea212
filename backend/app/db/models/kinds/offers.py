"""Kinds that belong to offers."""

from app.db.models.kinds import EventKind, Scope


class OfferEvent(EventKind, subject="offer"):
    """What happened to an offer."""

    CREATED = "created"
    EDITED = "edited"
    RENEWED = "renewed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    SHOWN = "shown"


class OfferScope(Scope):
    """What a key may do with offers."""

    READ = "read:offers"
    WRITE = "write:offers"
