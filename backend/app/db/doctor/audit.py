"""Checks of the audit."""

from sqlalchemy import select

from app.db.doctor.check import Check
from app.db.models.audit import AuditEntry
from app.db.models.kinds import AuditAction
from app.postgres.statements import col

CHECKS = (
    Check(
        "audit_actions",
        "Each entry of the audit log has a known action.",
        select(col(AuditEntry.id)).where(col(AuditEntry.action).not_in(AuditAction.all())),
    ),
)
