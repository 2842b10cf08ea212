"""Kinds that belong to threads."""

from app.db.models.kinds import EventKind


class ThreadEvent(EventKind, subject="thread"):
    """Events of a thread."""

    MESSAGE_SENT = "message_sent"
    MESSAGE_EDITED = "message_edited"
    PHOTO_HIDDEN = "photo_hidden"
    PHOTO_SHOWN = "photo_shown"
    READ_BY_STAFF = "read_by_staff"
    READ_FOR_REPORT = "read_for_report"
