"""Kinds that belong to links that are mailed."""

from app.db.models.kinds import TaskKind


class LinkTask(TaskKind):
    """Tasks that send mail with links."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (a kind of task)
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (a kind of task)
