"""Kinds that belong to the audit."""

from app.db.models.kinds import AuditAction


class AuditReading(AuditAction):
    """Acts of staff on the audit."""

    AUDIT_READ = "audit_read"
