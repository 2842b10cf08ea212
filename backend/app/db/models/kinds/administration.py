"""Kinds that belong to the administration of accounts."""

from app.db.models.kinds import AuditAction, TaskKind


class AdministrationAction(AuditAction):
    """Acts of staff on an account."""

    ROLE_CHANGED = "role_changed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    SESSIONS_ENDED = "sessions_ended"
    ACCOUNTS_LISTED = "accounts_listed"
    ACCOUNT_LOOKED_UP = "account_looked_up"
    ACCOUNT_READ = "account_read"


class AdministrationTask(TaskKind):
    """Tasks that mail the reasons of acts on an account."""

    RESTRICTION_STATEMENT = "restriction_statement"
