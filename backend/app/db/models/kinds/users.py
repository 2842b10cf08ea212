"""Kinds that belong to accounts."""

from app.db.models.kinds import AuditAction, EventKind, TaskKind


class AccountAction(AuditAction):
    """Acts on an account."""

    ACCOUNT_CREATED = "account_created"
    ACCOUNT_DELETED = "account_deleted"
    ACCOUNT_EXPORTED = "account_exported"
    EMAIL_VERIFIED = "email_verified"
    EMAIL_CHANGED = "email_changed"
    USERNAME_CHANGED = "username_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (an act)
    PASSWORD_RESET = "password_reset"  # noqa: S105 (an act)


class UserEvent(EventKind, subject="user"):
    """Events of an account."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"


class AccountTask(TaskKind):
    """Tasks about accounts."""

    ERASE_UNVERIFIED = "erase_unverified"
