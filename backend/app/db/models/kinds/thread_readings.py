"""Kinds that belong to readings of threads by staff."""

from app.db.models.kinds import AuditAction


class ThreadReadingAction(AuditAction):
    """Readings of threads by staff."""

    THREAD_READ = "thread_read"
