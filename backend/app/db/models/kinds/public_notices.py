"""Kinds that belong to notices of persons without an account."""

from app.db.models.kinds import TaskKind


class PublicNoticeTask(TaskKind):
    """Tasks that send mail to notifiers."""

    RECEIPT = "notice_receipt"
    DECISION = "notice_decision"
