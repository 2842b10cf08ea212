"""Kinds that belong to extras."""

from app.db.models.kinds import AuditAction


class ExtraAction(AuditAction):
    """Acts of staff on the extras of categories."""

    EXTRA_SET = "extra_set"
    EXTRA_REMOVED = "extra_removed"
