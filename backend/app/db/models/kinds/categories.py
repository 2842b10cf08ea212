"""Kinds that belong to categories."""

from app.db.models.kinds import AuditAction, TaskKind


class CategoryAction(AuditAction):
    """Acts of staff on categories."""

    CATEGORY_MADE = "category_made"
    CATEGORY_CHANGED = "category_changed"
    CATEGORY_DEACTIVATED = "category_deactivated"
    CATEGORY_REACTIVATED = "category_reactivated"
    CATEGORY_DELETED = "category_deleted"
    CATEGORIES_LOADED = "categories_loaded"


class CategoryTask(TaskKind):
    """Tasks about categories."""

    RECOUNT = "recount_categories"
