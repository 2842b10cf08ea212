"""Kinds that belong to messages."""

from app.db.models.kinds import AuditAction, Scope


class MessageScope(Scope):
    """Scopes of threads and their messages."""

    READ = "read:messages"
    WRITE = "write:messages"


class MessageAction(AuditAction):
    """Acts of staff on messages."""

    FLAGGED_READ = "flagged_messages_read"
