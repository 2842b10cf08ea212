"""Kinds that belong to threads."""

from app.db.models.kinds import EventKind


class ThreadEvent(EventKind, subject="thread"):
    """Events of a thread."""

    MESSAGE_SENT = "message_sent"
    MESSAGE_EDITED = "message_edited"
