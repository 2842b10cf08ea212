"""Kinds that belong to background tasks."""

from app.db.models.kinds import TaskKind


class MailTask(TaskKind):
    """Tasks that send mail that is written already."""

    SEND_MAIL = "send_mail"


class HousekeepingTask(TaskKind):
    """Tasks that delete old data."""

    DELETE_EXPIRED = "delete_expired"
