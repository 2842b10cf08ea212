"""Kinds that belong to checklists."""

from app.db.models.kinds import AuditAction


class ChecklistAction(AuditAction):
    """Acts of staff on the checklists of categories."""

    CHECKLIST_ITEM_SET = "checklist_item_set"
    CHECKLIST_ITEM_REMOVED = "checklist_item_removed"
