"""Kinds that belong to jobs."""

from app.db.models.kinds import EventKind, Scope


class CleaningEvent(EventKind, subject="cleaning", clock=("expired", "completed")):
    """Events of a job."""

    CREATED = "created"
    EDITED = "edited"
    BOOKED = "booked"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DELETED = "deleted"
    PHOTOS_CHANGED = "photos_changed"
    HIDDEN = "hidden"
    SHOWN = "shown"
    PHOTO_HIDDEN = "photo_hidden"
    PHOTO_SHOWN = "photo_shown"


class CleaningScope(Scope):
    """Scopes of cleanings."""

    READ = "read:cleanings"
    WRITE = "write:cleanings"
