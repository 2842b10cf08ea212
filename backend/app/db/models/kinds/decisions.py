"""Kinds that belong to decisions about reports."""

from app.db.models.kinds import AuditAction, EventKind, TaskKind


class DecisionEvent(EventKind, subject="decision", clock=("appealed",)):
    """Events of a decision about a report. A person without an account is no actor."""

    MADE = "made"
    APPEALED = "appealed"


class DecisionAction(AuditAction):
    """Acts of staff on decisions."""

    REPORT_DECIDED = "report_decided"


class DecisionTask(TaskKind):
    """Tasks that mail decisions."""

    BLOCK_STATEMENT = "block_statement"
