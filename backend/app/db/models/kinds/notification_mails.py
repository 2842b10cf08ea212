"""Kinds that belong to mails of notifications."""

from app.db.models.kinds import TaskKind


class NotificationMailTask(TaskKind):
    """Tasks of mails of notifications."""

    NOTIFICATION_MAIL = "notification_mail"
