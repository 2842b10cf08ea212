"""Kinds that belong to the audit."""

from app.db.models.kinds import AuditAction


class AuditReading(AuditAction):
    """What staff did with the audit."""

    AUDIT_READ = "audit_read"
