"""Kinds that belong to notices about changes of how a user logs in."""

from app.db.models.kinds import TaskKind


class NoticeTask(TaskKind):
    """Tasks that send notices."""

    NOTICE = "notice"
