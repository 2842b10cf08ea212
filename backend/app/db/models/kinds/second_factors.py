"""Kinds that belong to second factors."""

from app.db.models.kinds import AuditAction


class SecondFactorAction(AuditAction):
    """Acts on a second factor."""

    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_REMOVAL_REQUESTED = "second_factor_removal_requested"
    SECOND_FACTOR_REMOVAL_CANCELLED = "second_factor_removal_cancelled"
    SECOND_FACTOR_REMOVAL_STOPPED = "second_factor_removal_stopped"
    RECOVERY_CODE_USED = "recovery_code_used"
