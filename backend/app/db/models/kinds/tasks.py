"""Kinds that belong to background tasks."""

from app.db.models.kinds import AuditAction, TaskKind


class MailTask(TaskKind):
    """Tasks that send mail that is written already."""

    SEND_MAIL = "send_mail"


class HousekeepingTask(TaskKind):
    """Tasks that delete old data."""

    DELETE_EXPIRED = "delete_expired"


class TaskAction(AuditAction):
    """Actions of staff on failed tasks."""

    TASK_RETRIED = "task_retried"
    TASK_DISCARDED = "task_discarded"
