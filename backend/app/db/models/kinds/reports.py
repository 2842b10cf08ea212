"""Kinds that belong to reports."""

from app.db.models.kinds import AuditAction, EventKind, Scope


class ReportEvent(EventKind, subject="report", clock=("created",)):
    """Events of a report. A person without an account is no actor."""

    CREATED = "created"
    TAKEN = "taken"
    RELEASED = "released"


class ReportScope(Scope):
    """Scopes of reports and of the decisions about them."""

    READ = "read:reports"
    WRITE = "write:reports"


class ReportAction(AuditAction):
    """Acts of staff on reports."""

    REPORT_READ = "report_read"
    REPORT_TAKEN = "report_taken"
    REPORT_RELEASED = "report_released"
